import { product } from './server.mjs'

// The whole application (ROLE=all, as `npm start` has it) on a free port, and a session for each address in PEOPLE. Says
// as JSON on its first line where it listens and with which cookies. Networks answer at once that all is well.
const { loadConfig } = await product('src/config/load-config.js')
const { createApp } = await product('src/start.js')
const { SignInService } = await product('src/groups/sign-in/sign-in.service.js')
const { PlatformRegistry } = await product('src/platforms/platform-registry.js')
const { platformRules } = await product('src/platforms/rules.js')
const { OWNER_URL, PEOPLE = '' } = process.env

const config = loadConfig()
const app = await createApp(config, { url: config.databaseUrl, ownerUrl: OWNER_URL }, { quiet: true })
app.get(PlatformRegistry).get = () => ({
  rules: platformRules.bluesky,
  connectFields: [],
  connectSteps: [],
  publish: (_connection, _post, key) =>
    Promise.resolve({ kind: 'published', remoteId: key.publicationId, url: 'https://network.example/', at: key.createdAt }),
  find: () => Promise.resolve({ kind: 'absent' }),
  counters: () => Promise.resolve(new Map()),
}) // prettier-ignore
app.enableShutdownHooks()
await app.listen(0, '127.0.0.1')
const { port } = app.getHttpServer().address()
config.publicOrigin = `http://127.0.0.1:${port}`
const cookies = {}
for (const person of PEOPLE.split(',')) {
  const { cookies: set } = await app.get(SignInService).openFor(person, {})
  cookies[person] = set.map((line) => line.split(';')[0]).join('; ')
}
process.stdout.write(`${JSON.stringify({ origin: config.publicOrigin, cookies })}\n`)
