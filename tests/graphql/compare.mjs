// What the reference implementation answers, what ours does, and how they differ: undefined, or a text for people.

// Messages that ours alone has, since the specification of September 2025 or our own rules ask for more.
const OURS_ONLY = [/^The default of .* is no value of its type/, /^All root types must be different/, /is one of the specification\.$/,
  /^A schema holds definitions of types only/, /must not begin with "__", which is reserved/];

export function comparisons(graphql, require, driver, data) {
  const { validateSDL } = require('graphql/validation/validate');

  const shown = (error) => {
    const plain = { message: error.message, locations: (error.locations ?? []).map(({ line, column }) => ({ line, column })) };
    if (error.path) plain.path = error.path;
    return JSON.stringify(plain);
  };
  const sorted = (errors) => [...new Set((errors ?? []).map(shown))].sort();

  function differ(theirs, ours, input) {
    const a = JSON.stringify(theirs, null, 1);
    const b = JSON.stringify(ours, null, 1);
    return a === b ? undefined : `${input}\n  reference: ${a}\n  ours:      ${b}`;
  }

  function parsed(document) {
    try {
      return { tree: graphql.parse(document) };
    } catch (error) {
      return { errors: [error] };
    }
  }

  // The members that our tree does not show, left out.
  async function parse(document) {
    const theirs = parsed(document);
    const ours = await driver.ask({ op: 'parse', document });
    if (theirs.errors) return differ(sorted(theirs.errors), sorted(ours.errors), document);
    const printed = graphql.print(theirs.tree);
    return differ({ printed, again: printed }, ours, document);
  }

  // Nothing where it throws: it does so for subscriptions whose root fields have @skip with a variable.
  function validated(schema, tree) {
    try {
      return graphql.validate(schema, tree);
    } catch (error) {
      if (/was not provided a runtime value|has invalid value|of required type "Boolean!" was not provided|must not be null/.test(error.message)) return undefined;
      throw error;
    }
  }

  function verdict(schema, document) {
    const { tree } = parsed(document);
    if (!tree) return 'unparsed';
    const errors = validated(schema, tree);
    if (!errors) return 'not judged';
    return errors.length === 0 ? 'valid' : 'invalid';
  }

  async function validate(name, schema, document) {
    const { tree, errors } = parsed(document);
    const ours = await driver.ask({ op: 'validate', schema: name, document });
    const theirs = errors ?? validated(schema, tree);
    if (!theirs) return undefined;
    // With definitions that are not executable, the other rules look at these on one side only.
    if (tree?.definitions.some((d) => !graphql.isExecutableDefinitionNode(d))) {
      return differ(theirs.length > 0, ours.errors.length > 0, document);
    }
    const reference = sorted(theirs);
    // The reference does not see a OneOf object where its argument is non-null, or a list.
    const stricter = (line) => /must be non-nullable to be used for OneOf/.test(line) && !reference.includes(line);
    return differ(reference, sorted(ours.errors).filter((line) => !stricter(line)), document);
  }

  const deref = (value) => (value !== null && typeof value === 'object' && '$ref' in value ? data[value.$ref] : value);
  function interpret(value, args) {
    if (Array.isArray(value)) return value.map((item) => interpret(item, args));
    if (value !== null && typeof value === 'object') {
      if ('$ref' in value) return data[value.$ref];
      if ('$error' in value) throw new Error(value.$error);
      if ('$args' in value) return JSON.stringify(args);
    }
    return value;
  }
  const fieldResolver = (parent, args, _context, info) => interpret(deref(parent)[info.fieldName], args);

  async function execute(name, schema, document, variables) {
    const tree = graphql.parse(document);
    const operation = tree.definitions.find((d) => d.kind === 'OperationDefinition');
    if (operation.operation === 'subscription') return undefined;
    const root = operation.operation === 'mutation' ? 'change' : 'root';
    const operationName = operation.name?.value;
    const theirs = graphql.executeSync({ schema, document: tree, rootValue: data[root], variableValues: variables, operationName, fieldResolver });
    const question = { op: 'execute', schema: name, document, variables, root, ...(operationName ? { operation: operationName } : {}) };
    const ours = await driver.ask(question);
    const input = `${document}\n${JSON.stringify(variables)}`;
    const result = (r) => ({ data: r.data, errors: sorted(r.errors) });
    const difference = differ(result(theirs), result(ours), input);
    if (difference) return difference;
    // Where fields wait, others beside them may fail first: the data are the same, the errors may be more.
    const later = await driver.ask({ ...question, async: true });
    return differ(theirs.data, later.data, `asynchronously: ${input}`);
  }

  async function schema(name, sdl) {
    const { tree, errors } = parsed(sdl);
    const ours = await driver.ask({ op: 'schema', name, sdl });
    if (errors) return differ(sorted(errors), sorted(ours.errors), sdl);
    const our = (ours.errors ?? []).filter((error) => !OURS_ONLY.some((message) => message.test(error.message)));
    if (ours.errors && our.length === 0) return undefined;
    let theirs = validateSDL(tree);
    let built;
    if (theirs.length === 0) {
      try {
        built = graphql.buildASTSchema(tree, { assumeValidSDL: true });
        theirs = graphql.validateSchema(built);
      } catch (error) {
        theirs = [error];
      }
    }
    if (theirs.length > 0) {
      // Ours checks more before it looks at types; that a schema is wrong is what both have to see.
      return our.length > 0 && our.length < (ours.errors ?? []).length
        ? undefined
        : differ(sorted(theirs), sorted(our), sdl);
    }
    return differ(graphql.printSchema(built), ours.printed ?? ours.errors, sdl) ?? introspection(name, built);
  }

  async function introspection(name, built) {
    const document = graphql.getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true });
    const ours = await driver.ask({ op: 'execute', schema: name, document, root: 'root' });
    if (ours.errors) return `introspection: ${JSON.stringify(ours.errors)}`;
    const client = graphql.buildClientSchema(ours.data);
    return differ(graphql.printSchema(graphql.lexicographicSortSchema(built)), graphql.printSchema(graphql.lexicographicSortSchema(client)), 'introspection');
  }

  return { parse, verdict, validate, execute, schema, introspection };
}
