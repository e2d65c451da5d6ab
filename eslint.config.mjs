import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The arrows of the architecture: a ring may import only from the rings named beside it. */
const rings = {
  kucoin: [],
  profiles: ['kucoin'],
  portfolio: ['kucoin'],
  transfers: ['kucoin'],
  orders: ['kucoin'],
  sandbox: ['kucoin'],
  coding: ['kucoin'],
  market: ['kucoin'],
  webview: ['kucoin'],
  host: ['kucoin', 'profiles', 'portfolio', 'transfers', 'orders', 'sandbox', 'coding', 'market'],
  ui: [
    'kucoin',
    'profiles',
    'portfolio',
    'transfers',
    'orders',
    'sandbox',
    'coding',
    'market',
    'host',
    'webview',
  ],
};
const outermost = ['extension', 'services'];
const withoutEditor = [
  'kucoin',
  'profiles',
  'portfolio',
  'transfers',
  'orders',
  'sandbox',
  'coding',
  'market',
  'webview',
];

/** How deep folders lie in a ring; `../market` of `src/sandbox/sockets` is the sandbox's own market. */
const depths = [1, 2, 3];

function ringRules(ring) {
  return depths.map((depth) => ringRule(ring, depth));
}

function ringRule(ring, depth) {
  const forbidden = [...Object.keys(rings), ...outermost].filter(
    (r) => r !== ring && !rings[ring].includes(r),
  );
  const patterns = [
    {
      regex: `^(\\.\\./){${depth},}(${forbidden.join('|')})(/|$)`,
      message: `src/${ring} may import only from: ${[ring, ...rings[ring]].join(', ')}.`,
    },
  ];
  if (withoutEditor.includes(ring)) {
    patterns.push({ regex: '^vscode$', message: `src/${ring} knows nothing of the editor.` });
  }
  if (ring === 'ui') {
    patterns.push({
      regex: '/webview/(?!\\w+/messages$)',
      message: 'A page runs in a browser: only its messages are shared with it.',
    });
  }
  if (ring === 'sandbox') {
    patterns.push({
      regex: '/kucoin/(client|sign|quota|clock|transport)$',
      message:
        'The sandbox takes the catalogue and nothing else: an error of the client must not be mirrored.',
    });
  }
  const folders = '*/'.repeat(depth - 1);
  return {
    files: [`src/${ring}/${folders}*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'out/', 'artifacts/', '.vscode-test/'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node, sourceType: 'module' },
  },
  { files: ['esbuild.js'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'no-console': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[property.name='only'][object.name=/^(describe|it|suite|test)$/]",
          message: 'A focused test hides all others.',
        },
      ],
    },
  },
  ...Object.keys(rings).flatMap(ringRules),
);
