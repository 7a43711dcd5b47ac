// Schemas, right and wrong, one for each rule of section 3.
const query = 'type Query { a: Int }\n';

export const schemaTexts = [
  query,
  'schema { query: Q } type Q { a(x: Int = 1, y: String = "s", z: [Int!] = [1, 2], i: In = {a: 1}, e: E = A, f: Float = 1.5, b: Boolean = true, id: ID = 7): E! } input In { a: Int, b: Int = 3 } enum E { A B }',
  '"The schema." schema { query: Query }\n' + query,
  '"""\nLong\n  indented\ntext "quoted"\n"""\ntype Query { "a field" a("an argument" x: Int, y: Int): Int "b" b: Int @deprecated(reason: "because") c: Int @deprecated }',
  query + 'interface I { i: ID! } interface J implements I { i: ID! j: Int } type T implements I & J { i: ID! j: Int } union U = T | Query scalar S @specifiedBy(url: "http://x") directive @d(a: Int = 3) repeatable on FIELD | QUERY',
  query + 'extend type Query { b: Int } extend type Query @x directive @x on OBJECT enum E { A } extend enum E { B } union U = Query extend union U = T type T { x: Int } input I { a: Int } extend input I { b: Int } scalar S @specifiedBy(url: "u") extend scalar S @s directive @s on SCALAR interface F { x: Int } extend interface F { y: Int }',
  query + 'input O @oneOf { a: Int b: String }',
  query + 'input O @oneOf { a: Int! b: String = "x" }',
  query + 'extend schema { mutation: M } type M { m: Int }',
  '"one\\r\\ntwo" type Query { "  all\\n  indented" a: Int "\\nblank first" b: Int "blank last\\n" c: Int "" d: Int "bell \\u0007" e: Int "ends in \\\\" f: Int "has \\"\\"\\"" g: Int }',
  // Roots
  'type A { a: Int }', 'schema { query: A } type B { a: Int }', 'schema { query: Query query: Query }\n' + query, 'schema { query: Query } schema { query: Query }\n' + query,
  'schema { query: I } interface I { a: Int }', 'schema { query: Query mutation: I subscription: E }\n' + query + 'input I { a: Int } enum E { A }', 'extend schema @nope\n' + query,
  // Names and uniqueness
  query + 'type Query { b: Int }', query + 'type T { a: Int a: Int }', query + 'type T { a(x: Int, x: Int): Int }', query + 'enum E { A A }', query + 'input I { a: Int a: Int }',
  query + 'directive @d on FIELD directive @d on QUERY', query + 'directive @d(a: Int, a: Int) on FIELD', query + 'type T { __a: Int }', query + 'enum E { __A }', query + 'input I { __a: Int }',
  query + 'directive @__d on FIELD', query + 'type T { a(__x: Int): Int }',
  // Known things
  query + 'type T { a: Itn b: Qurey }', query + 'type T implements Nope { a: Int }', query + 'union U = Nope', query + 'type T { a(x: Nope): Int }', query + 'extend type Nope { a: Int }',
  query + 'extend type Qeury { a: Int }', query + 'extend input Query { a: Int }', query + 'extend union Query = Query', query + 'type T @nope { a: Int }', query + 'type T @skip(if: true) { a: Int }',
  query + 'type T { a: Int @deprecated @deprecated }', query + 'type T { a: Int @deprecated(raeson: "x") }', query + 'scalar S @specifiedBy', query + 'scalar S @specifiedBy(url: "a", url: "b")',
  query + 'directive @d on NOWHERE', query + 'type T @d { a: Int } extend type T @d directive @d on OBJECT', query + 'enum E { A @deprecated(reason: "x") } input I { a: Int @deprecated } type T { a(x: Int @deprecated): Int }',
  query + 'input I { a: Int! @deprecated }', query + 'type T { a(x: Int! @deprecated): Int }', query + 'directive @d(a: Int! @deprecated) on FIELD',
  // Kinds of types
  query + 'input I { a: Int } type T { a: I }', query + 'type T { a(x: Query): Int }', query + 'input I { a: Query }', query + 'directive @d(a: Query) on FIELD', query + 'type T', query + 'interface I', query + 'enum E',
  query + 'input I', query + 'union U', query + 'union U = Int', query + 'union U = Query | Query', query + 'type T implements Query { a: Int }',
  // Interfaces
  query + 'interface I { a: Int } type T implements I { b: Int }', query + 'interface I { a: Int } type T implements I & I { a: Int }', query + 'interface I { a: Int! } type T implements I { a: Int }',
  query + 'interface I { a: Int } type T implements I { a: Int! }', query + 'interface I { a: [Query] } type T implements I { a: [Query!]! }', query + 'interface I { a(x: Int): Int } type T implements I { a: Int }',
  query + 'interface I { a(x: Int): Int } type T implements I { a(x: String): Int }', query + 'interface I { a: Int } type T implements I { a(x: Int!): Int }', query + 'interface I { a: Int } type T implements I { a(x: Int! = 1, y: Int): Int }',
  query + 'interface I implements I { a: Int }', query + 'interface I { a: Int } interface J implements I { a: Int } type T implements J { a: Int }', query + 'interface I implements J { a: Int } interface J implements I { a: Int }',
  query + 'interface I { a: J } interface J { x: Int } type K implements J { x: Int } type T implements I { a: K }', query + 'interface I { a: U } union U = K | Query type K { x: Int } type T implements I { a: K }',
  // Circles
  query + 'input I { a: I! }', query + 'input I { a: J! } input J { a: K! } input K { a: I! b: J! }', query + 'input I { a: [I!]! b: I }',
];
