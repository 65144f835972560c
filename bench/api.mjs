import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { Asker, bulkDone, rounded, statementsOf, timed } from './support/asking.mjs'
import { end, startChild } from './support/children.mjs'
import { fillCrowd } from './support/crowd.mjs'
import { Figures, openServer, prepare, say, secret, withClient } from './support/server.mjs'

// What the workspace asks, over HTTP, of an instance with a million publications: milliseconds and statements, in a group
// with a tenth of them and in one of the many others.
const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    count: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '300' },
    bulk: { type: 'string', default: '50' },
    // Of each question at most so long: on a busy machine the whole would take hours.
    seconds: { type: 'string', default: '15' },
    statements: { type: 'boolean', default: false },
  },
})
const [count, rounds, bulk, seconds] = [options.count, options.rounds, options.bulk, options.seconds].map(Number)
prepare()
const server = await openServer({ max_wal_size: '8GB', logging_collector: 'off', log_line_prefix: '%d|' })
const figures = new Figures('api', { postgres: await server.version(), publications: count, rounds })
const database = await server.database('crowd')
const begunFilling = performance.now()
const crowd = await withClient(database.ownerUrl, (client) => fillCrowd(client, { count, nowMs: Date.now(), say }))
figures.note('fill seconds', Math.round((performance.now() - begunFilling) / 1000), 's until they were written')
await measure({ server, database, crowd, logFile: join(server.directory, 'postgres', 'postgres.log') })
await server.close()
figures.end()

async function measure({ server: running, database: of, crowd: groups, logFile }) {
  const emails = Object.values(groups).map(({ ana }) => `ana-${ana[0]}@example.org`)
  const instance = (role) =>
    startChild('web.mjs', [], {
      ROLE: role,
      DEMO: 'no',
      PORT: '0',
      SECRET: secret,
      DATA_DIR: running.directory,
      DATABASE_URL: of.url,
      OWNER_URL: of.ownerUrl,
      PEOPLE: emails.join(','),
    })
  // What workers do by themselves at this size would be measured with what is asked; they are there for the bulk alone.
  const web = await instance('web')
  const { origin, cookies } = JSON.parse(web.said)
  for (const [size, group] of Object.entries(groups)) {
    const asker = new Asker(origin, cookies[`ana-${group.ana[0]}@example.org`])
    const at = `/api/groups/${group.slug}`
    const draft = (channels, number) => ({
      content: {
        text: `A post of its own, number ${number}, ${Math.random()}`,
        link: null,
        language: 'en-GB',
        channels: channels.map((channelId) => ({ channelId, text: null })),
        pictures: [],
      },
      wish: { kind: 'queue' },
      usefulUntil: null,
      labels: [],
      notes: '',
    })
    const get = (path) => async () => (await asker.ask('GET', path)).ms
    const { body: queue } = await asker.ask('GET', `${at}/queue`)
    const { more } = queue
    delete queue.more
    say(`            ${JSON.stringify(queue).length} bytes of queue, ${Object.entries(queue).map(([name, cards]) => `${cards.length} ${name}`).join(', ')}`)
    const [post] = [...queue.planned, ...queue.waitingForOthers]
    const send = (many) => async (number) => {
      const { body: written } = await asker.ask('POST', `${at}/posts`, draft(group.channels.slice(0, many), number))
      const sent = await asker.ask('POST', `${at}/posts/${written.id}/send-for-review`, { version: written.version })
      return sent.ms
    }
    const questions = [
      { key: 'session', once: get('/api/session'), words: 'who is signed in' },
      { key: 'queue', once: get(`${at}/queue`), words: 'the queue page' },
      ...(more ? [{ key: 'queue2', once: get(`${at}/queue?after=${encodeURIComponent(more)}`), words: 'the page after it' }] : []),
      { key: 'week', once: get(`${at}/week`), words: 'the week in the calendar' },
      { key: 'pause', once: get(`${at}/pause`), words: 'whether all is paused' },
      { key: 'hold', once: get(`${at}/log/hold`), words: 'whether the log holds publishing' },
      { key: 'channels', once: get(`${at}/channels`), words: 'the channels' },
      { key: 'post', once: get(`${at}/posts/${post.id}`), words: 'one post' },
      { key: 'send', once: send(1), words: 'send for review, one channel', times: Math.ceil(rounds / 3) },
    ]
    if (group.channels.length >= 20)
      questions.push({ key: 'send20', once: send(20), words: 'send for review, 20 channels', times: Math.ceil(rounds / 6) })
    for (const { key, once, words, times = rounds } of questions) {
      asker.move()
      const statements = await statementsOf(running, of, logFile, () => once(0))
      const { p50, p99, times: asked } = await timed(times, once, seconds)
      figures.values[`${size} ${key}`] = { p50, p99, times: asked, statements: statements.length }
      say(`${String(p50).padStart(10)}  ms, 99 of a hundred within ${p99} ms of ${asked} times, ${statements.length} statements: ${words} (${size} group)`)
      if (options.statements) for (const text of statements) say(`              ${text.slice(0, 200)}`)
    }
    const channelIds = group.channels.slice(0, 20)
    asker.move()
    const posts = Array.from({ length: bulk }, (_, number) => ({ text: `One of several, number ${number}` }))
    const accepted = await asker.ask('POST', `${at}/posts/bulk`, { key: `bench-${size}-${Date.now()}`, send: true, channelIds, posts })
    const worker = await instance('worker')
    const begun = performance.now()
    const done = await bulkDone(asker, group.slug, accepted.body.id)
    figures.note(`${size} bulk accepted`, rounded(accepted.ms), `ms until ${bulk} posts for ${channelIds.length} channels were accepted`)
    figures.note(`${size} bulk a post`, rounded((performance.now() - begun) / bulk), `ms a post until all were sent for review (${done.sentence})`)
    await end(worker)
  }
  await end(web)
} // prettier-ignore
