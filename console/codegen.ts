import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../src/api/schema.graphql',
  documents: ['src/services/**/*.graphql'],
  generates: {
    './src/services/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string', enumsAsTypes: true, scalars: { DateTime: 'string', Long: 'number', BigInt: 'string', Duration: 'string' },
        strictScalars: true, useTypeImports: true,
      },
    },
  },
};
export default config;
