// Documents from a seed: made along a schema, mostly right; and texts that are damaged or noise.
import { Random } from './random.mjs';

const NAMES = ['a', 'b', 'id', 'name', 'owner', 'same', 'differs', 'x'];

export class Generator {
  constructor(graphql, schema, seed) {
    this.g = graphql;
    this.schema = schema;
    this.random = new Random(seed);
    // How often something is wrong on purpose, in percent: half of the documents have no fault of this kind.
    this.wrong = this.random.chance(50) ? 0 : 3;
    this.variables = new Map();
    this.fragments = [];
    this.fragmentTexts = [];
  }

  // {document, variables}
  document() {
    const r = this.random;
    const operations = [];
    const count = r.chance(10) ? 2 : 1;
    let given = {};
    for (let i = 0; i < count; ++i) {
      this.variables = new Map();
      const kind = r.chance(78) ? 'query' : r.chance(70) ? 'mutation' : 'subscription';
      const root = this.schema.getRootType(kind);
      const body = this.selections(root, 0);
      const name = count > 1 || r.chance(40) ? r.pick(['One', 'Two', 'Three']) : '';
      const declared = [...this.variables.entries()].map(([n, v]) => this.declaration(n, v));
      const list = declared.length > 0 ? `(${declared.join(', ')})` : '';
      const isShort = kind === 'query' && !name && !list && r.chance(60);
      const mark = r.chance(8) ? ' @mark' : '';
      const description = r.chance(5) && !isShort ? '"An operation."\n' : '';
      operations.push(isShort ? body : `${description}${kind} ${name}${list}${mark} ${body}`);
      if (i === 0) given = this.values();
    }
    return { document: [...operations, ...this.fragmentTexts].join(r.pick(['\n', '\n\n', ' '])), variables: given };
  }

  declaration(name, { type, fallback }) {
    return `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`;
  }

  // JSON for the variables; some are missing, null or of the wrong kind.
  values() {
    const given = {};
    for (const [name, { type }] of this.variables) {
      if (this.random.chance(10)) continue;
      given[name] = this.random.chance(4) ? this.anyJson() : this.json(this.graphqlType(type), 0);
    }
    return given;
  }

  graphqlType(text) {
    return this.g.typeFromAST(this.schema, this.g.parseType(text)) ?? this.schema.getType('String');
  }

  selections(type, depth) {
    const r = this.random;
    const count = 1 + r.below(depth > 2 ? 2 : 5);
    const parts = [];
    for (let i = 0; i < count; ++i) parts.push(this.selection(type, depth));
    return `{ ${parts.join(r.pick([' ', ', ', '\n  ']))} }`;
  }

  selection(type, depth) {
    const r = this.random;
    const isAbstract = this.g.isAbstractType(type);
    if (depth < 6 && r.chance(isAbstract ? 45 : 10)) return this.fragmentUse(type, depth);
    return this.field(type, depth);
  }

  fragmentUse(type, depth) {
    const r = this.random;
    const target = this.overlapping(type);
    if (r.chance(55)) {
      const condition = r.chance(85) ? ` on ${target.name}` : '';
      return `...${condition}${this.directives()} ${this.selections(condition ? target : type, depth + 1)}`;
    }
    const known = this.fragments.filter((f) => r.chance(this.wrong) || this.g.doTypesOverlap(this.schema, f.type, type));
    if (known.length > 0 && r.chance(50)) return `...${r.pick(known).name}${this.directives()}`;
    if (r.chance(this.wrong)) return '...Missing';
    const name = r.chance(this.wrong) ? 'F0' : `F${this.fragments.length}`;
    // Known before its body is made, where circles are wanted.
    const isCircle = r.chance(this.wrong);
    if (isCircle) this.fragments.push({ name, type: target });
    const body = this.selections(target, depth + 2);
    if (!isCircle) this.fragments.push({ name, type: target });
    this.fragmentTexts.push(`fragment ${name} on ${target.name}${r.chance(5) ? ' @mark' : ''} ${body}`);
    return `...${name}`;
  }

  overlapping(type) {
    const r = this.random;
    const all = Object.values(this.schema.getTypeMap()).filter((t) => this.g.isCompositeType(t) && !t.name.startsWith('__'));
    if (r.chance(this.wrong)) return r.pick(all);
    return r.pick(all.filter((t) => this.g.doTypesOverlap(this.schema, t, type)));
  }

  field(type, depth) {
    const r = this.random;
    if (r.chance(this.wrong)) return r.pick(['nmae', 'missing', 'lifes', 'idd', 'persn { id }', '__type(name: "Cat") { name }']);
    const fields = this.g.isUnionType(type) ? [] : Object.values(type.getFields());
    if (fields.length === 0 || r.chance(7)) return `${this.alias()}__typename${this.directives()}`;
    let field = r.pick(fields);
    // Away from the leaves there is an end.
    for (let i = 0; i < 4 && depth > 4 && !this.g.isLeafType(this.g.getNamedType(field.type)); ++i) field = r.pick(fields);
    const named = this.g.getNamedType(field.type);
    let body = '';
    if (!this.g.isLeafType(named)) body = depth > 6 ? ' { __typename }' : ` ${this.selections(named, depth + 1)}`;
    if (r.chance(this.wrong)) body = body ? '' : ' { id }';
    return `${this.alias()}${field.name}${this.arguments(field.args)}${this.directives()}${body}`;
  }

  alias() {
    return this.random.chance(12) ? `${this.random.pick(NAMES)}: ` : '';
  }

  arguments(definitions) {
    const r = this.random;
    const given = [];
    for (const definition of definitions) {
      const isRequired = this.g.isRequiredArgument(definition);
      if (r.chance(isRequired ? this.wrong : 40)) continue;
      given.push(`${definition.name}: ${this.value(definition.type, 0, definition.defaultValue !== undefined)}`);
    }
    if (r.chance(this.wrong)) given.push(r.pick(['extra: 1', 'x: null', 'frist: 2', 'id: "again"']));
    return given.length > 0 ? `(${given.join(r.pick([', ', ' ']))})` : '';
  }

  directives() {
    const r = this.random;
    if (!r.chance(8)) return '';
    if (r.chance(this.wrong * 3)) return r.pick([' @skip', ' @include(if: "x")', ' @unknown', ' @mark(text: 3)', ' @skip(if: true) @skip(if: false)', ' @oneOf', ' @deprecated']);
    return r.pick([
      () => ` @skip(if: ${this.value(new this.g.GraphQLNonNull(this.g.GraphQLBoolean), 1)})`,
      () => ` @include(if: ${this.value(new this.g.GraphQLNonNull(this.g.GraphQLBoolean), 1)})`,
      () => ' @mark',
      () => ' @mark(level: 2) @mark(text: "t")',
    ])();
  }

  // A literal or a variable of the type.
  value(type, depth, hasDefault = false) {
    const r = this.random;
    if (r.chance(15)) return this.variable(type, hasDefault);
    if (r.chance(this.wrong)) return r.pick(['1', '"s"', 'true', 'null', 'FISH', '[1]', '{a: 1}', '1.5', '12345678901', '$nowhere']);
    if (this.g.isNonNullType(type)) return this.literal(type.ofType, depth);
    return r.chance(8) ? 'null' : this.literal(type, depth);
  }

  literal(type, depth) {
    const r = this.random;
    if (this.g.isListType(type)) {
      if (r.chance(15)) return this.value(type.ofType, depth + 1);
      const items = Array.from({ length: r.below(3) }, () => this.value(type.ofType, depth + 1));
      return `[${items.join(', ')}]`;
    }
    if (this.g.isEnumType(type)) return r.pick(type.getValues()).name;
    if (this.g.isInputObjectType(type)) return this.objectLiteral(type, depth);
    switch (type.name) {
      case 'Int': return r.pick(['0', '1', '-7', '2147483647', '-2147483648']);
      case 'Float': return r.pick(['0.5', '1', '-2.25', '1e3', '1.5E-2', '0']);
      case 'Boolean': return r.pick(['true', 'false']);
      case 'ID': return r.pick(['"a"', '7', '"007"', '123456789012345678901']);
      case 'String': return r.pick(['""', '"text"', '"\\u00e9\\n\\"q\\""', '"""block "quoted"\n    two"""', '"é😀"', '"\\u{1F600}"']);
      default: return r.pick(['1', '"s"', '[1, "x"]', '{a: {b: [true]}}', 'ENUM', '1.5']);
    }
  }

  objectLiteral(type, depth) {
    const r = this.random;
    let fields = Object.values(type.getFields());
    if (type.isOneOf && !r.chance(this.wrong)) {
      fields = [r.pick(fields)];
    } else {
      fields = fields.filter((f) => this.g.isRequiredInputField(f) ? !r.chance(this.wrong) : r.chance(depth > 2 ? 5 : 35));
    }
    const parts = fields.map((f) => {
      const t = type.isOneOf ? new this.g.GraphQLNonNull(this.g.getNullableType(f.type)) : f.type;
      return `${f.name}: ${this.value(t, depth + 1, f.defaultValue !== undefined)}`;
    });
    if (r.chance(this.wrong)) parts.push(r.pick(['extra: 1', 'lvel: 2', 'name: "twice", name: "two"']));
    return `{${parts.join(', ')}}`;
  }

  variable(type, hasDefault) {
    const r = this.random;
    for (const [name, known] of this.variables) {
      if (known.type === String(type) && r.chance(60)) return `$${name}`;
    }
    const name = `v${this.variables.size}`;
    let declared = String(type);
    if (!declared.endsWith('!') && r.chance(20)) declared += '!';
    else if (declared.endsWith('!') && (hasDefault ? r.chance(50) : r.chance(this.wrong))) declared = declared.slice(0, -1);
    if (r.chance(this.wrong)) declared = r.pick(['Int', 'String!', '[Int]', 'Cat', 'Nothing', 'Fodo']);
    const named = this.graphqlType(declared);
    let fallback;
    if (r.chance(25) && this.g.isInputType(named)) fallback = this.constant(named);
    this.variables.set(name, { type: declared, fallback });
    if (r.chance(this.wrong)) this.variables.set('unused', { type: 'Int' });
    return `$${name}`;
  }

  // A literal without variables: what is made with them is made again without.
  constant(type) {
    const text = this.literal(this.g.getNullableType(type), 2);
    return text.includes('$') ? 'null' : text;
  }

  json(type, depth) {
    const r = this.random;
    if (this.g.isNonNullType(type)) return this.json(type.ofType, depth) ?? 'x';
    if (r.chance(8)) return null;
    if (r.chance(this.wrong)) return this.anyJson();
    if (this.g.isListType(type)) {
      if (r.chance(15)) return this.json(type.ofType, depth + 1);
      return Array.from({ length: r.below(3) }, () => this.json(type.ofType, depth + 1));
    }
    if (this.g.isEnumType(type)) return r.pick(type.getValues()).name;
    if (this.g.isInputObjectType(type)) return this.objectJson(type, depth);
    switch (type.name) {
      case 'Int': return r.pick([0, 1, -5, 2147483647]);
      case 'Float': return r.pick([0.5, 3, -1.25, 1e6]);
      case 'Boolean': return r.chance(50);
      case 'ID': return r.pick(['a', 7, '']);
      case 'String': return r.pick(['', 'text', 'é"\\\n', '😀']);
      default: return this.anyJson();
    }
  }

  objectJson(type, depth) {
    const r = this.random;
    const all = Object.values(type.getFields());
    const object = {};
    const fields = type.isOneOf ? [r.pick(all)] : all.filter((f) => this.g.isRequiredInputField(f) ? !r.chance(this.wrong) : r.chance(depth > 2 ? 5 : 40));
    for (const field of fields) object[field.name] = this.json(field.type, depth + 1);
    if (r.chance(this.wrong)) object[r.pick(['extra', 'lvel', 'nam'])] = 1;
    return object;
  }

  anyJson() {
    return this.random.pick([1, 1.5, 'x', true, null, [1, 'a'], { a: 1 }, { b: { c: [1, 2] } }, [], {}, 2147483648, 'FISH', 'FSH']);
  }
}

const TOKENS = ['{', '}', '(', ')', '[', ']', ':', '=', '!', '|', '&', '@', '$', '...', 'query', 'mutation', 'fragment', 'on', 'type', 'extend',
  'input', 'enum', 'schema', 'directive', 'name', 'id', 'true', 'null', '1', '-0', '1.5', '1e5', '01', '1.', '-', '"s"', '"', '"""b"""', '"""', '#c\n',
  '\n', '\r\n', ',', '\ufeff', '\\', "'", '\u0000', '\u0007', 'é', '😀', '"\\u00e9"', '"\\uD83D\\uDE00"', '"\\uD83D"', '"\\u{110000}"', '"\\x"', '..', '.', '?', '1a', '$v', '@skip'];

// A document with some tokens dropped, doubled, moved or replaced.
export function mutate(text, random) {
  const parts = text.match(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[A-Za-z_]\w*|[\d.eE+-]+|\s+|[^]/gu) ?? [text];
  for (let i = 1 + random.below(3); i > 0 && parts.length > 0; --i) {
    const at = random.below(parts.length);
    switch (random.below(4)) {
      case 0: parts.splice(at, 1); break;
      case 1: parts.splice(at, 0, parts[random.below(parts.length)]); break;
      case 2: parts[at] = random.pick(TOKENS); break;
      default: parts[at] = parts[random.below(parts.length)];
    }
  }
  return parts.join('');
}

export function noise(random) {
  return Array.from({ length: 1 + random.below(20) }, () => random.pick(TOKENS)).join(random.pick(['', ' ', '\n']));
}
