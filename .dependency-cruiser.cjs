/** The boundaries of docs/architecture.md, as errors. */

/** The import order: a folder imports only folders before it. Whatever is not listed sits on top. */
const order = [
  'kernel',
  'config',
  'database',
  'http',
  'mail',
  'audit',
  'groups',
  'governance',
  'platforms',
  'channels',
  'drafts',
  'scheduler',
  'conversation',
  'reviewers',
  'engagement',
  'summaries',
  'workspace',
  'demo',
  'command-line',
]
/** Folders that connect to the outside by nature: the names of their files promise nothing. */
const infrastructure = ['config', 'database', 'http', 'command-line']
const features = order.filter((folder) => folder !== 'kernel' && !infrastructure.includes(folder))
const pureFolders = ['kernel', ...features]

/** A file without a role suffix, such as `slot.ts`: rules only. */
const pure = `^src/(${pureFolders.join('|')})/[^.]+[.]ts$`

const importOrder = order.slice(0, -1).map((folder, index) => ({
  name: `order-${folder}`,
  comment: 'A folder imports only folders before it in the order of docs/architecture.md.',
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${order.slice(index + 1).join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...importOrder,
    {
      name: 'nothing-imports-the-top',
      comment: 'The composition root and what is beside it are used by nobody below.',
      severity: 'error',
      from: { path: `^src/(${order.join('|')})/` },
      to: { path: `^src/(?!(${order.join('|')})/)` },
    },
    {
      name: 'pure-means-pure',
      comment: 'A file without a role suffix imports only other such files, luxon and node:crypto. Give it a suffix?',
      severity: 'error',
      from: { path: pure },
      to: { pathNot: [pure, 'node_modules/(@types/)?luxon/', '^(node:)?crypto$'] },
    },
    {
      name: 'only-the-front-door',
      comment:
        'From another feature only its rules, services, modules, guards, and stores (in the transaction at hand); never its adapters, controllers or tasks. See docs/decisions/007.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '[.]spec[.]ts$' },
      to: {
        path: `^src/(${features.join('|')})/`,
        pathNot: ['^src/$1/', '/[^./]+[.]ts$', '[.](service|module|guard|pipe|filter|store|entity)[.]ts$'],
      },
    },
    {
      name: 'rows-of-others-as-types',
      comment: 'Rows of another feature are named as types only; making and reading them is their store’s.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '[.]spec[.]ts$' },
      to: {
        path: `^src/(${features.join('|')})/.*[.]entity[.]ts$`,
        pathNot: '^src/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'orm-in-its-place',
      comment:
        'TypeORM is used only by stores, entities, modules, columns and src/database. Its types may be passed on.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/database/', '[.](store|entity|module|column)[.]ts$'] },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'controllers-and-tasks-use-services',
      comment: 'A controller or task neither talks to the database nor to a network itself.',
      severity: 'error',
      from: { path: '[.](controller|task)[.]ts$' },
      to: { path: '[.](store|entity|adapter)[.]ts$' },
    },
    {
      name: 'adapters-never-meet',
      comment: 'Each network stands alone; what two of them share belongs to the port.',
      severity: 'error',
      from: { path: '^src/platforms/([^/]+)/' },
      to: { path: '^src/platforms/[^/]+/', pathNot: '^src/platforms/$1/' },
    },
    {
      name: 'only-adapters-reach-out',
      comment: 'Outward connections are opened by adapters alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['[.]adapter[.]ts$', '^src/database/', '[.]spec[.]ts$'] },
      to: {
        path: ['node_modules/(nodemailer|@atproto|undici)/', '^(node:)?(http|https|http2|net|tls|dgram)$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: { path: '^(src|web|test)/' },
      to: { circular: true },
    },
    {
      name: 'the-web-uses-only-rules',
      comment: 'The pages speak HTTP; from the server they share nothing but rules.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|migrations|test)/', pathNot: pure },
    },
    {
      name: 'the-server-stands-alone',
      comment: 'The server knows neither the pages nor the tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^(web|test|bench|scripts)/' },
    },
    {
      name: 'only-what-is-installed-for-real',
      comment: 'The product needs nothing that is installed only for development.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '[.]spec[.]ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'everything-is-found',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|test/platforms/pds|test/mutation)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
}
