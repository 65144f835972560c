import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import { emailOf, startApp, type TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { forgetLimits, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { body, closed, harmless, twins, unsafeRoutes, type Route } from './routes.js'
import { sqlWays } from './sql-ways.js'
import { asTheApplication, copyAsTheApplication, knownOf, whatWentOut } from './waiting-post.js'

// A post waits in review, its time has come, and nobody has approved it. Every way round is tried in turn.

let app: TestApp
let network: FakeNetwork
let river: TestGroup
let number = 0

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
afterAll(() => app?.close())

/** A fresh group with an approved post and one that waits for approval, both due. */
async function startAgain(): Promise<{ waiting: PostDetail; approved: PostDetail }> {
  await startOver(app, network)
  river = await TestGroup.make(app, `River ${(number += 1)}`, [
    { name: `Kit of River ${number}`, roles: ['editor'] },
    { name: `Kat of River ${number}`, roles: ['editor'] },
  ])
  const waiting = await river.sent({ text: `The river is high, part ${number}.`, channels: [river.bluesky.id] })
  const approved = await river.approved({ text: `The river is low, part ${number}.` })
  await river.toSlot(waiting)
  return { waiting, approved }
}

describe('the way that is meant', () => {
  it('lets out what was approved and is due, so that the refusals below mean something', async () => {
    const { waiting } = await startAgain()
    expect(await whatWentOut(app, network, waiting)).toEqual([])
    await river.decide(waiting, 'Ben', 'approve')
    // it may have been moved, so that there is time to think again
    await river.toSlot(waiting, { minutes: 11 })
    expect(await whatWentOut(app, network, waiting)).toHaveLength(2)
  })
})

for (const [about, ways] of sqlWays) {
  describe(`SQL by the application’s own role, at ${about}`, () => {
    let current: { waiting: PostDetail; approved: PostDetail } | null = null
    beforeAll(() => (current = null))

    it.each(ways.map((way) => [way.title, way] as const))('does not let it out: %s', async (_title, way) => {
      current ??= await startAgain()
      const { waiting, approved } = current
      const known = await knownOf(app, river, waiting, approved)
      const outcome = asTheApplication(app, way.sql(known))
      if (way.refused) await expect(outcome).rejects.toThrow(way.refused)
      else await outcome
      expect(await whatWentOut(app, network, waiting)).toEqual([])
      // what was let pass may have left something behind
      if (!way.refused) current = null
    })
  })
}

const callers = ['nobody', 'a stranger', 'Ana', 'Ben', 'Dee', 'Eli'] as const

describe('SQL in bulk', () => {
  it('does not let it out: rows copied into the queue', async () => {
    const { waiting, approved } = await startAgain()
    const known = await knownOf(app, river, waiting, approved)
    const row = await app.query<{ line: string }>(
      `select concat_ws(',', group_id, gen_random_uuid(), post_id, channel_id, 'publishing', '"' || slot || '"', '"' || wall || '"', zone,
         'empty', '"' || clock() || '"', 'by hand', $2::text, $3::text, '"' || clock() || '"', '"' || clock() || '"') as line
       from publications where id = $1`,
      [known.publication, known.revision, known.hash],
    )
    const into =
      'publications (group_id, id, post_id, channel_id, state, slot, wall, zone, spaced, next_try_at, publish_key, revision_id, hash, created_at, updated_at)'
    await expect(copyAsTheApplication(app, `copy ${into} from stdin with (format csv)`, row[0]!.line)).rejects.toThrow(
      'a publication starts planned',
    )
    expect(await whatWentOut(app, network, waiting)).toEqual([])
  })
})

describe('the API, which is all that the workspace has', () => {
  it('lets nobody get it out: every route that changes something, tried by everybody', async () => {
    await startOver(app, network)
    await app.makeGroup({ name: 'Elsewhere' }, [
      { name: 'Sam', roles: ['admin', 'editor', 'reviewer'] },
      { name: 'Sue', roles: ['admin'] },
    ])
    const routes = unsafeRoutes(app)
    expect(routes.length).toBeGreaterThan(35)
    let waiting: PostDetail | null = null
    const neverTaken: string[] = []
    for (const route of routes) {
      const { name } = route
      if (Object.keys(harmless).some((beginning) => name.startsWith(beginning))) continue
      const answers: number[] = []
      for (const caller of callers) {
        waiting = (await stillWaits(waiting)) ? waiting : (await startAgain()).waiting
        answers.push(await call(route, caller, waiting!))
      }
      expect({ [name]: await whatWentOut(app, network, waiting!) }).toEqual({ [name]: [] })
      if (!answers.some((status) => status < 400) && !(name in closed)) neverTaken.push(`${name}: ${answers.join(' ')}`)
    }
    // a route that takes nothing of what is tried proves nothing: give it a better body, or say why it is closed
    expect(neverTaken).toEqual([])
    // nor does a reason for what is not there any more
    const gone = [...Object.keys(harmless), ...Object.keys(closed)].filter(
      (beginning) => !routes.some(({ name }) => name.startsWith(beginning)),
    )
    expect(gone).toEqual([])
  }, 600_000)

  it('takes several posts at once by one route and its going on alone, which sends each for review like any other', () => {
    const routes = unsafeRoutes(app).filter(({ path }) => /import|csv|bulk|batch|upload/i.test(path))
    expect(routes.map(({ name }) => name)).toEqual([
      'POST /api/groups/:groupId/posts/bulk/check',
      'POST /api/groups/:groupId/posts/bulk',
      // Only end and take up again what the one before began.
      'POST /api/groups/:groupId/bulk/:bulkId/stop',
      'POST /api/groups/:groupId/bulk/:bulkId/go-on',
    ])
  })
})

/** Whether approving the post would still let it out, so that the next try means something. */
async function stillWaits(post: PostDetail | null): Promise<boolean> {
  if (!post) return false
  const rows = await app.query(
    `select 1 from posts p join publications u on u.group_id = p.group_id and u.post_id = p.id and u.state = 'planned'
     join channels c on c.group_id = u.group_id and c.id = u.channel_id and c.state = 'connected' and c.removed_at is null
     join members m on m.group_id = p.group_id and m.id = any ($2) and m.status = 'active'
     where p.id = $1 and p.state = 'in_review' and p.held_at is null and not p.editing and u.slot <= clock()
     having count(*) = 4`,
    [post.id, ['Ana', 'Ben', 'Dee', 'Eli'].map((name) => river.memberId(name))],
  )
  return rows.length > 0
}

async function call(route: Route, caller: (typeof callers)[number], post: PostDetail): Promise<number> {
  const visitor =
    caller === 'nobody'
      ? app.visitor()
      : caller === 'a stranger'
        ? await app.signedIn('sam@example.org')
        : await river.as(caller)
  await forgetLimits(app)
  if (route.path.startsWith('/review/:id')) {
    const page = await river.open(post, 'Ben', visitor)
    // Ben answering his own link is the way that is meant
    if (caller === 'Ben') return 200
    const pressed = route.path.endsWith('/code')
      ? await river.type(page, 'approve', '000000')
      : await river.press(page, 'approve')
    return pressed.status
  }
  const last = async (table: 'mails' | 'comments' | 'suggestions'): Promise<string> => {
    const [row] = await app.query<{ id: string }>(
      `select id from ${table} where group_id = $1 order by id desc limit 1`,
      [river.id],
    )
    return row?.id ?? post.id
  }
  const ids: Record<string, string> = {
    groupId: river.id,
    postId: post.id,
    publicationId: post.publications[0]!.id,
    channelId: river.bluesky.id,
    memberId: river.memberId(route.path.endsWith('/same-person') ? twins(river)[0] : 'Cleo'),
    mailId: await last('mails'),
    place: '1',
    // of the proposal that the route before has made
    number: '2',
    commentId: await last('comments'),
    suggestionId: await last('suggestions'),
  }
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? post.id)
  const { version } = await river.see(post)
  const given = body(route, river, version, post.content.text)
  const first = await visitor.ask(route.method, path, given)
  const tooMuch = [...JSON.stringify(first.body).matchAll(/Property (\w+) should not exist/g)].map((match) => match[1]!)
  if (first.status !== 422 || tooMuch.length === 0) return first.status
  const taken = Object.fromEntries(Object.entries(given).filter(([field]) => !tooMuch.includes(field)))
  return (await visitor.ask(route.method, path, taken)).status
}

describe('the command line', () => {
  it('gets nothing out: every command, with a post that waits', async () => {
    const { commands } = await import('../../src/command-line/commands.js')
    const { waiting } = await startAgain()
    const [kit, kat] = twins(river)
    const given: Readonly<Record<string, Record<string, string>>> = {
      'group:create': {
        name: 'Another',
        'time-zone': 'Europe/London',
        'admin-name': 'Kim',
        'admin-email': 'kim@example.org',
      },
      'member:invite': { name: 'Lee', email: 'lee@example.org', roles: 'admin,editor,reviewer' },
      'summary:send': { week: '2026-W47' },
      'person:merge': { email: emailOf(kit), 'same-as': emailOf(kat) },
      'person:erase': { email: 'lee@example.org' },
      'passkeys:forget': { email: emailOf('Eli') },
      'audit:accept': { reason: 'It was a restore.' },
    }
    const failed: string[] = []
    for (const [name, command] of Object.entries(commands)) {
      const options = 'group' in (command.options ?? {}) ? { group: river.id } : {}
      await command
        .run(app.app, { ...options, ...given[name] }, () => undefined)
        .catch((error: Error) => {
          failed.push(`${name}: ${error.message}`)
        })
      expect({ [name]: await whatWentOut(app, network, waiting) }).toEqual({ [name]: [] })
    }
    // a command that could not run proves nothing; this one has nothing to do where the log is whole
    expect(failed).toEqual([expect.stringMatching(/^audit:accept: .* does not keep anything back/)])
  })
})

describe('the rest', () => {
  it('“as soon as approved” waits for the approval like any other', async () => {
    await startAgain()
    const text = 'Now, at once.'
    const post = await river.sent({ text, wish: { kind: 'as_soon_as_approved' } })
    await app.letPass({ hours: 1 })
    expect(await whatWentOut(app, network, post)).toEqual([])
  })

  it('an admin cannot wave the own post through, nor one who does not review that of others', async () => {
    const { waiting } = await startAgain()
    const own = await river.send(await river.write({ text: 'By an admin.' }, 'Eli'), 'Eli')
    for (const [name, post] of [
      ['Eli', own],
      ['Dee', own],
      ['Dee', waiting],
      ['Eli', waiting],
    ] as const) {
      const answer = await river.command(post, 'review', name)
      expect([name, answer.status]).toEqual([name, 403])
      await expect(river.decide(post, name, 'approve')).rejects.toThrow(/no link|no verdict/)
    }
    expect(await whatWentOut(app, network, waiting)).toEqual([])
  })

  it('a group of the demonstration has the same gate, however much time is let pass', async () => {
    const { waiting } = await startAgain()
    await app.query('update groups set demo = true where id = $1', [river.id])
    const { ClockShift } = await import('../../src/groups/clock-shift.service.js')
    await app.app.get(ClockShift).letPass(60 * 24 * 3)
    expect(await whatWentOut(app, network, waiting)).toEqual([])
  })
})

describe('in production', () => {
  it('the demonstration lets nobody in', async () => {
    const real = await startApp({ production: true, ticking: false })
    try {
      const { members } = await real.makeGroup({ name: 'River', demo: true }, [{ name: 'Ana', roles: ['admin'] }])
      const answer = await real.visitor().post('/api/demo/enter', { memberId: members[0].id })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.headers.getSetCookie()).toEqual([])
    } finally {
      await real.close()
    }
  })
})
