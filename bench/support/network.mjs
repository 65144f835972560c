import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

// A network as a process of its own, which no kill of ours reaches. It knows nothing of keys: what arrives twice is
// public twice. Says its port on the first line; answers what became public at /public.
const [delayMs = '20', lostShare = '0'] = process.argv.slice(2)
/** By publication, the moments at which it became public. */
const known = new Map()

const server = createServer((request, response) => void serve(request, response))

async function serve(request, response) {
  const body = await textOf(request)
  if (body === null) return
  const answer = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.url === '/publish') {
    const { id } = JSON.parse(body)
    await pause(Math.random() * 2 * Number(delayMs))
    known.set(id, [...(known.get(id) ?? []), Date.now()])
    await pause(Math.random() * 2 * Number(delayMs))
    if (Math.random() < Number(lostShare)) return request.socket.destroy()
    return answer({ remoteId: `at://network/${id}` })
  }
  if (request.url === '/find') return answer({ there: known.has(JSON.parse(body).id) })
  return answer(Object.fromEntries(known))
}
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))

/** The body, or null when the sender died before it was through: then nothing becomes public. */
async function textOf(request) {
  let text = ''
  try {
    for await (const piece of request) text += piece
    return text
  } catch {
    return null
  }
}
