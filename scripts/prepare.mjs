import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What has to be true before anything runs: packages installed, everything built. Runs on Node 20, without packages. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Prints one line for the person at the terminal. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** A problem that the operator can solve: shown as a sentence, without a stack. */
export class Obstacle extends Error {}

/** Runs `work`; an obstacle becomes a sentence and exit code 1. */
export async function orSay(work) {
  try {
    return await work()
  } catch (error) {
    process.stderr.write(`${error instanceof Obstacle ? error.message : error.stack}\n`)
    process.exitCode = 1
    return undefined
  }
}

/** The Node that npm brought (the machine's own may be too old), once the packages are installed. */
export function node() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const brought = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', program)
  if (existsSync(brought)) return brought
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  throw new Obstacle(
    `Seconder needs Node 24, and npm has none for ${process.platform} ${process.arch}; this is ${process.version}. ` +
      'Install Node 24 from https://nodejs.org and start again.',
  )
}

/** Installs the packages of `folder` when they are missing or not those of its package-lock.json. */
export function install(folder = root, what = 'the packages') {
  const wanted = hashOf([join(folder, 'package-lock.json')])
  const stamp = join(folder, 'node_modules', '.seconder-lock-hash')
  if (readIfThere(stamp) === wanted) return
  // a linked folder belongs to somebody else: installing through the link would empty it for them
  if (lstatSync(join(folder, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  if (!isInstalledAlready(folder)) {
    say(`Installing ${what} (about a minute the first time) ...`)
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  }
  writeFileSync(stamp, wanted)
}

/** Somebody may have run `npm ci` by hand, which leaves no stamp of ours but a list of what it installed. */
function isInstalledAlready(folder) {
  const list = readIfThere(join(folder, 'node_modules', '.package-lock.json'))
  if (list === null) return false
  const there = JSON.parse(list).packages
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || there[path]?.version === version || ((optional || devOptional) && !there[path]),
  )
}

function npm(args, folder) {
  // under `npm start` this is npm's own program; started by hand it is found on the PATH
  const program = process.env.npm_execpath
  const { status, error } = program?.endsWith('.js')
    ? spawnSync(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync('npm', args, {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      })
  if (status === 0) return
  throw new Obstacle(
    `The packages could not be installed (${error?.message ?? `npm ended with code ${status}`}). ` +
      'Is the network there, and does "npm ci --ignore-scripts" say more?',
  )
}

const builds = [
  {
    name: 'the server',
    script: 'build:server',
    makes: 'dist/src/main.js',
    from: ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'],
    counts: (path) => !path.endsWith('.spec.ts'),
  },
  {
    name: 'the pages',
    script: 'build:web',
    makes: 'dist/web/index.html',
    from: ['web', 'src', 'package-lock.json'],
    // of the server's files the pages use only rules, whose names have no role in them
    counts: (path) => !path.startsWith('src') || /(^|[\\/])[^.\\/]+\.ts$/.test(path),
  },
]

/** Builds what changed since the last build; of all, or of these scripts only. */
export function build(wantedScripts = builds.map(({ script }) => script)) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const { name, script, makes, from, counts } of builds.filter((each) => wantedScripts.includes(each.script))) {
    if (!existsSync(join(root, from[0]))) continue
    const wanted = hashOf(from.flatMap((path) => filesUnder(path)).filter(counts))
    const stamp = join(root, 'dist', `.${script.replace(':', '-')}`)
    if (readIfThere(stamp) === wanted && existsSync(join(root, makes))) continue
    say(`Building ${name} ...`)
    run(scripts[script], `Building ${name} failed.`)
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, wanted)
  }
}

/** Runs one program of a package under Node 24, such as `vite build web`. */
function run(command, otherwise) {
  const [name, ...args] = command.split(' ')
  const { status } = spawnSync(node(), [programOf(name), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Obstacle(otherwise)
}

function programOf(name) {
  const packages = { nest: '@nestjs/cli', vite: 'vite' }
  const folder = join(root, 'node_modules', packages[name])
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

/**
 * Runs `file` under Node 24 and resolves with its exit code. Signals are passed on, and this process waits: after
 * Ctrl-C the server still finishes what it is doing.
 */
export function runNode(args, environment = {}) {
  const child = spawn(node(), args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm passes a signal only to the shell between us, which ends without a word
  const shell = process.ppid
  const watch = setInterval(() => process.ppid !== shell && child.kill('SIGTERM'), 500)
  if (!process.env.npm_lifecycle_event) clearInterval(watch)
  return new Promise((resolve, reject) => {
    child.once('exit', () => clearInterval(watch))
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}

/** SHA-256 over names and contents. */
function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(resolve(root, file)))
      .update('\0')
  return hash.digest('hex')
}

function filesUnder(path) {
  const absolute = join(root, path)
  if (!existsSync(absolute)) return []
  if (!statSync(absolute).isDirectory()) return [path]
  return readdirSync(absolute, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'dist'].includes(name) && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}
