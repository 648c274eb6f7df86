import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** What every room stands on. */
const ground = [
  'closing',
  'tensor',
  'graph',
  'storage',
  'capture',
  'dtype',
  'shape',
  'check',
  'operand',
  'memory',
  'nested',
  'pool',
  'slab',
  'print',
  'repr',
  'create',
  'random',
]

/**
 * Who may import whom in lib, type imports included: the table of ARCHITECTURE.md. `ops/` is a whole folder, `check` one
 * file. Beside these, a file may import Node's own modules and the types of binding.d.ts, and nothing else. A file
 * outside the table may import nothing from lib, until a line here says what.
 */
const rooms = [
  { room: ['**/'], mayImport: [] },
  { room: ['generator/'], mayImport: ['generator/', 'check', 'storage'] },
  { room: ground, mayImport: [...ground, 'generator/'] },
  { room: ['backend/'], mayImport: ['backend/', 'generator/fma', 'generator/mt19937'] },
  { room: ['anomaly'], mayImport: ground },
  { room: ['copy'], mayImport: [...ground, 'backend/index'] },
  { room: ['autograd'], mayImport: [...ground, 'anomaly', 'backend/index', 'copy'] },
  { room: ['profile'], mayImport: ['check', 'backend/observer'] },
  { room: ['threads'], mayImport: ['check', 'backend/index', 'backend/threads'] },
  { room: ['ops/'], mayImport: [...ground, 'autograd', 'backend/index', 'copy', 'ops/'] },
  { room: ['nn/'], mayImport: [...ground, 'autograd', 'ops/', 'nn/'] },
  { room: ['optim/'], mayImport: [...ground, 'autograd', 'backend/index', 'ops/', 'optim/'] },
  {
    room: ['compile/'],
    mayImport: [
      ...ground,
      'anomaly',
      'autograd',
      'backend/index',
      'backend/recorder',
      'backend/replay',
      'nn/module',
      'nn/module_sequence',
      'nn/parameter',
      'compile/',
    ],
  },
  { room: ['io/'], mayImport: [...ground, 'io/'] },
  { room: ['data/'], mayImport: [...ground, 'generator/', 'data/'] },
  {
    room: ['fit/'],
    mayImport: [...ground, 'generator/', 'autograd', 'compile/', 'ops/', 'nn/', 'optim/', 'io/', 'data/', 'fit/'],
  },
  { room: ['fluent/'], mayImport: [...ground, 'autograd', 'ops/', 'fluent/'] },
  {
    room: ['index'],
    mayImport: [
      ...ground,
      'fluent/',
      'anomaly',
      'autograd',
      'backend/index',
      'compile/',
      'profile',
      'threads',
      'ops/',
      'nn/',
      'optim/',
      'io/',
      'data/',
      'fit/',
    ],
  },
]

/**
 * A rule that refuses every import that the table does not allow to a room.
 *
 * @param {string[]} room
 * @param {string[]} mayImport
 * @returns {['error', object]}
 */
function importRule(room, mayImport) {
  const paths = mayImport.map((entry) => entry.replace(/\/$/, '/[\\w/]+'))
  const ownFolder = mayImport.some((entry) => room.includes(entry) && entry.endsWith('/')) ? ['\\./[\\w/]+\\.js'] : []
  const allowed = ['node:.+', '(\\.\\./)+binding\\.js', `(\\./|(\\.\\./)+)(${paths.join('|')})\\.js`, ...ownFolder]
  const message = `From here, lib may import ${mayImport.join(', ') || 'nothing'} (see the table in eslint.config.js).`
  return ['error', { patterns: [{ regex: `^(?!(${allowed.join('|')})$)`, caseSensitive: true, message }] }]
}

const roomConfigs = rooms.map(({ room, mayImport }) => ({
  name: `imports of ${room.join(', ')}`,
  files: room.map((entry) => (entry.endsWith('/') ? `lib/${entry}**/*.ts` : `lib/${entry}.ts`)),
  rules: { 'no-restricted-imports': importRule(room, mayImport) },
}))

/** The rules need the types of what is imported: the bench is checked where its packages are installed. */
const benchIsInstalled = existsSync(fileURLToPath(new URL('bench/node_modules', import.meta.url)))

export default defineConfig(
  globalIgnores([
    'build/',
    'dist/',
    'prebuilds/',
    'docs/api/',
    'examples/server/state/',
    ...(benchIsInstalled ? [] : ['bench/']),
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Type imports are written as such, and `import('...').Type` is not: the table of rooms reads import statements.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // One of two signatures may be internal.
      '@typescript-eslint/unified-signatures': ['error', { ignoreDifferentlyNamedParameters: true }],
      // A number in a message is what was meant.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // It takes every element of an array to be there (noUncheckedIndexedAccess is off), and types to hold at run time.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `() => callsSomething()` returns nothing on purpose in callbacks.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  ...roomConfigs,
  {
    name: 'declarations of methods repeat the type parameter of Tensor',
    files: ['lib/fluent/*.ts'],
    rules: { '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^D$' }] },
  },
  {
    name: 'lib imports statically: the table of rooms holds',
    files: ['lib/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'Import statically.' }] },
  },
  {
    name: 'examples use the public interface alone',
    files: ['examples/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ regex: '^\\.\\./(?!lib/(index|nn/functional)\\.js$)', message: 'Import from the public API.' }],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression.
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  {
    name: 'TypeScript knows what a browser has',
    files: ['examples/server/page/*.js'],
    rules: { 'no-undef': 'off' },
  },
)
