// Documents along the examples of the specification's sections, right and wrong.
export const specificationSchema = `
type Query { dog: Dog findDog(searchBy: FindDogInput): Dog human: Human pet: Pet catOrDog: CatOrDog arguments: Arguments
  booleanList(booleanListArg: [Boolean!]): Boolean complex: ComplexInputHolder findDogs(list: [FindDogInput!]): [Dog] }
type Subscription { newMessage(room: ID): Message disallowed: Message }
type Message { body: String sender: String }
type Mutation { mutateDog: ID addPet(pet: PetInput!): Pet }
enum DogCommand { SIT DOWN HEEL }
type Dog implements Pet { name: String! nickname: String barkVolume: Int doesKnowCommand(dogCommand: DogCommand!): Boolean!
  isHouseTrained(atOtherHomes: Boolean): Boolean! owner: Human extra: Extra }
interface Sentient { name: String! }
interface Pet { name: String! }
type Alien implements Sentient { name: String! homePlanet: String }
type Human implements Sentient { name: String! pets: [Pet!]! }
enum CatCommand { JUMP }
type Cat implements Pet { name: String! nickname: String doesKnowCommand(catCommand: CatCommand!): Boolean! meowVolume: Int extra: Extra }
union CatOrDog = Cat | Dog
union DogOrHuman = Dog | Human
union HumanOrAlien = Human | Alien
type Extra { string: String cat: Cat int: Int }
type ComplexInputHolder { field(arg: ComplexInput): String }
input ComplexInput { name: String owner: String int: Int! = 5 }
input FindDogInput { name: String owner: String }
input PetInput @oneOf { cat: CatInput dog: DogInput fish: FishInput }
input CatInput { name: String! nickname: String meowVolume: Int }
input DogInput { name: String! nickname: String barkVolume: Int }
input FishInput { name: String! }
type Arguments { multipleRequirements(x: Int!, y: Int!): Int! booleanArgField(booleanArg: Boolean): Boolean
  floatArgField(floatArg: Float): Float intArgField(intArg: Int): Int nonNullBooleanArgField(nonNullBooleanArg: Boolean!): Boolean!
  booleanListArgField(booleanListArg: [Boolean]!): [Boolean] optionalNonNullBooleanArgField(optionalBooleanArg: Boolean! = false): Boolean! }
`;

const dog = (body) => `{ dog { ${body} } }`;

export const specificationDocuments = [
  // 2: language
  '{ dog { name } }', 'query { dog { name } }', 'query getDog($x: Boolean = true) @skip(if: $x) { dog { name } }', 'mutation { mutateDog }',
  '\ufeff{ dog { name, nickname, } } # comment', '{dog{name}}', '{ dog: pet { name } }', '', '{}', '{ dog {} }', 'query', '{ dog { name }',
  '{ findDog(searchBy: {name: "a", owner: """\n  block\n    text\n  """}) { name } }', '{ a(x: 1.) }', '{ a(x: 01) }', '{ a(x: "\\u{1F600}\\uD83D\\uDE00") }',
  '{ a(x: "\\uD83D") }', '{ a(x: "open', '{ a(x: """open', '{ a(x: 1a) }', '{ a(x: -) }', '{ a(x: 1e) }', '{ a(x: 0xF) }', '{ a(x: [1 2 3] y: $v z: E) }',
  'fragment on on Dog { name } { dog { ...on } }', '{ ...on { dog { name } } }', 'query ($a: [Int!]! = [1]) { dog { name } }', 'query ($a: Int = $b) { a }',
  '"described" query Q("of v" $v: Boolean!) { dog @include(if: $v) { name } }', '"described" fragment F on Dog { name } { dog { ...F } }', '"described" { dog { name } }',
  // 5.1, 5.2: documents and operations
  'query getDogName { dog { name color } } extend type Dog { color: String }', 'query getName { dog { name } } query getName { dog { owner { name } } }',
  'query dogOperation { dog { name } } mutation dogOperation { mutateDog }', '{ dog { name } } query getName { dog { owner { name } } }',
  'subscription sub { newMessage { body sender } }', 'subscription sub { ...newMessageFields } fragment newMessageFields on Subscription { newMessage { body sender } }',
  'subscription sub { newMessage { body sender } disallowed { body } }', 'subscription sub { ...multiple } fragment multiple on Subscription { newMessage { body } disallowed { body } }',
  'subscription sub { __typename }', 'subscription { newMessage { body } __typename }', 'subscription { ... on Subscription { newMessage { body } x: newMessage { body } } }',
  // 5.3: fields
  dog('...fieldNotDefined') + ' fragment fieldNotDefined on Dog { meowVolume }', dog('...aliased') + ' fragment aliased on Dog { barkVolume: kawVolume }',
  '{ pet { name } }', '{ pet { nickname } }', '{ catOrDog { __typename ... on Pet { name } ... on Dog { barkVolume } } }', '{ catOrDog { name barkVolume } }',
  dog('name name'), dog('otherName: name otherName: name'), dog('name: nickname name'), dog('doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: SIT)'),
  dog('doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL)'), 'query ($c: DogCommand!) { dog { doesKnowCommand(dogCommand: $c) doesKnowCommand(dogCommand: $c) } }',
  'query ($a: DogCommand!, $b: DogCommand!) { dog { doesKnowCommand(dogCommand: $a) doesKnowCommand(dogCommand: $b) } }', dog('doesKnowCommand(dogCommand: SIT) doesKnowCommand'),
  '{ pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } } }', '{ pet { ... on Dog { someValue: nickname } ... on Cat { someValue: meowVolume } } }',
  '{ pet { ... on Dog { doesKnowCommand(dogCommand: SIT) } ... on Cat { doesKnowCommand(catCommand: JUMP) } } }',
  '{ pet { ... on Dog { extra { string } } ... on Cat { extra { string: int } } } }', dog('barkVolume { sinceWhen }'), '{ human }', '{ pet }', '{ catOrDog }', dog('barkVolume'),
  '{ dog { owner { name } } dog { owner { name: pets { name } } } }', '{ dog { ...A ...B } } fragment A on Dog { x: name } fragment B on Dog { x: nickname }',
  '{ dog { ...A } } fragment A on Dog { x: name ...B } fragment B on Dog { x: nickname ...A }',
  // 5.4: arguments
  dog('doesKnowCommand(command: SIT)'), dog('isHouseTrained(atOtherHomes: true) @include(unless: false)'), '{ arguments { multipleRequirements(y: 2, x: 1) } }',
  '{ arguments { multipleRequirements(x: 1) } }', '{ arguments { multipleRequirements(x: 1, x: 2, y: 1) } }', '{ arguments { nonNullBooleanArgField(nonNullBooleanArg: null) } }',
  '{ arguments { nonNullBooleanArgField optionalNonNullBooleanArgField } }', dog('isHouseTrained @include'), dog('isHouseTrained @skip(if: null)'),
  // 5.5: fragments
  dog('...F ...F') + ' fragment F on Dog { name } fragment F on Dog { owner { name } }', dog('...F') + ' fragment F on Nothing { name }', dog('... on Nope { name }'),
  dog('...F') + ' fragment F on Int { something }', dog('... on Boolean { x }'), '{ dog { name } } fragment Unused on Dog { name }', dog('...Undefined'),
  dog('...N') + ' fragment N on Dog { name ...B } fragment B on Dog { barkVolume ...N }', dog('...S') + ' fragment S on Dog { ...S }',
  dog('...A') + ' fragment A on Dog { ...B ...C } fragment B on Dog { ...C } fragment C on Dog { ...A name }',
  dog('... on Dog { barkVolume }'), dog('... on Cat { meowVolume }'), dog('... on Pet { name }'), dog('... on CatOrDog { ... on Cat { meowVolume } }'),
  '{ pet { ... on Dog { name } ... on Sentient { name } ... on Human { name } } }', '{ human { ... on HumanOrAlien { ... on Alien { name } } ...P } } fragment P on Pet { name }',
  // 5.6: values
  '{ arguments { booleanArgField(booleanArg: true) floatArgField(floatArg: 1) intArgField(intArg: "123") } }', '{ arguments { intArgField(intArg: 1.5) } }',
  '{ arguments { intArgField(intArg: 3000000000) } }', '{ findDog(searchBy: {name: "Fido"}) { name } }', '{ findDog(searchBy: {favoriteCookieFlavor: "Bacon"}) { name } }',
  '{ findDog(searchBy: {name: "a", name: "b"}) { name } }', '{ findDog(searchBy: "text") { name } }', '{ findDog(searchBy: [{name: "a"}]) { name } }',
  '{ findDogs(list: {name: "a"}) { name } }', '{ findDogs(list: [{name: 1}, null]) { name } }', '{ booleanList(booleanListArg: [true, 1, null]) }', dog('doesKnowCommand(dogCommand: "SIT")'),
  dog('doesKnowCommand(dogCommand: STI)'), dog('doesKnowCommand(dogCommand: {a: 1})'), '{ complex { field(arg: {int: null}) } }', '{ complex { field(arg: {name: $x}) } }',
  'mutation { addPet(pet: {cat: {name: "Brontie"}}) { name } }', 'mutation { addPet(pet: {cat: {name: "B"}, dog: null}) { name } }', 'mutation { addPet(pet: {cat: null}) { name } }',
  'mutation { addPet(pet: {}) { name } }', 'mutation ($cat: CatInput!) { addPet(pet: {cat: $cat}) { name } }',
  // 5.7: directives
  dog('name @unknown'), '@skip(if: true) { dog { name } }', 'query @skip(if: $foo) { dog { name } }', 'query ($foo: Boolean = true, $bar: Boolean = false) { dog @skip(if: $foo) @skip(if: $bar) { name } }',
  'query ($f: Boolean! @skip(if: true)) { dog @skip(if: $f) { name } }', dog('...F @include(if: true)') + ' fragment F on Dog @include(if: true) { name }',
  // 5.8: variables
  'query houseTrained($a: Boolean, $a: Boolean) { dog { isHouseTrained(atOtherHomes: $a) } }', 'query ($cat: Cat) { dog { name } }', 'query ($x: [[Pet!]]!) { dog { name } }',
  'query ($i: ComplexInput, $s: [String!]! = ["x"]) { complex { field(arg: $i) } dog { name @include(if: $s) } }', 'query q { dog { isHouseTrained(atOtherHomes: $undefined) } }',
  'query q { dog { ...F } } fragment F on Dog { isHouseTrained(atOtherHomes: $u) }', 'query q($unused: Boolean) { dog { name } }',
  'query q($u: Boolean) { dog { ...F } } fragment F on Dog { isHouseTrained }', 'query a($u: Boolean) { dog { ...F } } query b { dog { ...F } } fragment F on Dog { isHouseTrained(atOtherHomes: $u) }',
  'query ($i: Int) { arguments { booleanArgField(booleanArg: $i) } }', 'query ($l: [Boolean]) { arguments { booleanArgField(booleanArg: $l) } }',
  'query ($b: Boolean) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }', 'query ($b: Boolean = true) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }',
  'query ($b: Boolean) { arguments { optionalNonNullBooleanArgField(optionalBooleanArg: $b) } }', 'query ($b: [Boolean]) { arguments { booleanListArgField(booleanListArg: $b) } }',
  'query ($b: Boolean) { booleanList(booleanListArg: [$b]) }', 'query ($b: Boolean!) { booleanList(booleanListArg: [$b]) }', 'query ($b: Boolean = null) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }',
  // Introspection
  '{ __schema { types { name } } __type(name: "Dog") { fields { name } } }', '{ dog { __schema { types { name } } } }', '{ __type { name } }', 'mutation { __schema { types { name } } }',
];
