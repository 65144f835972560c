import { DateTime, type DurationLikeObject } from 'luxon'
import sharp from 'sharp'

import type { Channel } from '../../src/channels/channel.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import { ConnectingService } from '../../src/channels/connecting.service.js'
import type { Extras } from '../../src/drafts/content.js'
import { ClockShift } from '../../src/groups/clock-shift.service.js'
import type { Group } from '../../src/groups/group.js'
import { sha256 } from '../../src/kernel/ids.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { unpackContent } from '../../src/mail/new-mail.js'
import { PlatformRegistry } from '../../src/platforms/platform-registry.js'
import { tokensIn } from '../../src/reviewers/asking/link.js'
import { LateService } from '../../src/reviewers/late.service.js'
import { PublishingService } from '../../src/scheduler/publishing.service.js'
import type { Media, PostDetail, PublicationView, Queue } from '../../src/workspace/post-views.dto.js'
import { emailOf, startApp, type Someone, type TestApp } from './app.js'
import { FakeNetwork } from './fake-network.js'
import type { Answer, Visitor } from './visitor.js'

/** Monday 23 November 2026, 09:30 in London, where no summer time is on. */
export const mondayMorning = '2026-11-23T09:30:00Z'

const people = [
  { name: 'Ana', roles: ['editor', 'reviewer'] },
  { name: 'Ben', roles: ['reviewer'] },
  { name: 'Cleo', roles: ['reviewer'] },
  { name: 'Dee', roles: ['admin'] },
  { name: 'Eli', roles: ['admin', 'editor'] },
] as const satisfies readonly Someone[]

/** What a test wants to be different about a post; the rest is that of a plain one. */
export interface Wanted {
  readonly text?: string
  readonly link?: string | null
  readonly channels?: readonly string[]
  readonly pictures?: readonly { mediaId: string; alt: string }[]
  /** A thread, a first comment, a warning, who can see it. */
  readonly extras?: Extras
  readonly wish?: { kind: string; at?: string; reason?: string; notBefore?: string }
  readonly usefulUntil?: string | null
  readonly labels?: readonly string[]
  readonly notes?: string
}

/** A review page as a browser has it: where it is, and what its form carries. */
export interface OpenPage {
  readonly visitor: Visitor
  readonly path: string
  readonly status: number
  readonly html: string
  readonly csrf: string
  readonly hash: string
}

export const allTicks = ['kind', 'right', 'agreed']

/** The application without its clockwork, on a Monday morning, with a network that does as it is told. */
export async function startQuietApp(): Promise<{ app: TestApp; network: FakeNetwork }> {
  const app = await startApp({ ticking: false })
  // What breaks on purpose is not worth a line in the report of a test run.
  app.app.useLogger(false)
  await setClock(app, mondayMorning)
  return { app, network: fakeBluesky(app) }
}

/** A fresh start for one more test on the same application: Monday again, and nothing of earlier groups is due. */
export async function startOver(app: TestApp, network?: FakeNetwork): Promise<void> {
  network?.calm()
  await forgetLimits(app)
  await setClock(app, mondayMorning)
  await app.query(
    `update publications set state = 'cancelled' where state in ('planned', 'missed', 'failed') and remote_id is null`,
  )
  await app.query(`update channels set state = 'to_reconnect'`)
}

/** Puts the clock of the process and of the database to one instant; from there it goes on. */
export async function setClock(app: TestApp, at: string): Promise<void> {
  const shift = DateTime.fromISO(at).toMillis() - Date.now()
  await app.query('update clock_settings set shift_ms = $1', [shift])
  await app.app.get(ClockShift).refresh()
}

/** Puts the fake in the place of Bluesky. */
export function fakeBluesky(app: Pick<TestApp, 'app'>, network = new FakeNetwork()): FakeNetwork {
  const registry = app.app.get(PlatformRegistry)
  const real = registry.get.bind(registry)
  registry.get = (name) => (name === 'bluesky' ? network : real(name))
  return network
}

/** A tick of the clockwork: what is due is sent, what is in doubt is looked up. */
export function runDue(app: Pick<TestApp, 'app'>): Promise<number> {
  return app.app.get(PublishingService).runDue()
}

/** The other tick: what could not go out in its slot is moved. */
export function moveLate(app: Pick<TestApp, 'app'>): Promise<number> {
  return app.app.get(LateService).moveLate()
}

/** A group with an editor, two reviewers and two admins, its page and a Bluesky account. */
export class TestGroup {
  private readonly browsers = new Map<string, Promise<Visitor>>()

  private constructor(
    readonly app: TestApp,
    readonly group: Group,
    readonly members: Readonly<Record<string, { id: string; personId: string }>>,
    readonly bluesky: Channel,
    readonly board: Channel,
  ) {}

  static async make(app: TestApp, name: string, more: readonly Someone[] = []): Promise<TestGroup> {
    const all = [...people, ...more]
    const { group, members } = await app.makeGroup({ name }, all)
    const acting = {
      groupId: group.id,
      memberId: members[4]!.id,
      personId: members[4]!.personId,
      name: 'Eli',
      email: emailOf('Eli'),
      roles: ['admin' as const],
      group,
    }
    const bluesky = await app.app.get(ConnectingService).connect(acting, 'bluesky', { handle: `${group.slug}.test` })
    const [board] = await app.app.get(ChannelsService).list(group.id)
    const byName = Object.fromEntries(all.map((person, index) => [person.name, members[index]!]))
    return new TestGroup(app, group, byName, bluesky, board!)
  }

  get id(): string {
    return this.group.id
  }

  /** The path of the group's API. */
  path(rest: string): string {
    return `/api/groups/${this.id}/${rest}`
  }

  memberId(name: string): string {
    return this.members[name]!.id
  }

  /** This person's own browser, signed in. */
  as(name: string): Promise<Visitor> {
    let browser = this.browsers.get(name)
    if (browser === undefined) this.browsers.set(name, (browser = this.app.signedIn(emailOf(name))))
    return browser
  }

  input(wanted: Wanted = {}) {
    const { text = 'The river walk starts at ten.', link = null, channels = [this.bluesky.id], pictures = [] } = wanted
    return {
      content: {
        text,
        link,
        language: 'en-GB',
        channels: channels.map((channelId) => ({ channelId, text: null })),
        pictures,
        ...wanted.extras,
      },
      wish: wanted.wish ?? { kind: 'queue' },
      usefulUntil: wanted.usefulUntil ?? null,
      labels: wanted.labels ?? [],
      notes: wanted.notes ?? '',
    }
  }

  async write(wanted: Wanted = {}, author = 'Ana'): Promise<PostDetail> {
    const { status, body } = await (await this.as(author)).post<PostDetail>(this.path('posts'), this.input(wanted))
    if (status !== 201) throw new Error(`not written: ${JSON.stringify(body)}`)
    return body
  }

  /** As the workspace saves it. */
  async save(post: PostDetail, wanted: Wanted, author = 'Ana'): Promise<Answer<PostDetail>> {
    return (await this.as(author)).put<PostDetail>(this.path(`posts/${post.id}`), {
      ...this.input(wanted),
      version: post.version,
    })
  }

  async send(post: PostDetail, author = 'Ana'): Promise<PostDetail> {
    const { status, body } = await this.trySend<PostDetail>(post, author)
    if (status !== 200) throw new Error(`not sent: ${JSON.stringify(body)}`)
    return body
  }

  async trySend<Body = Record<string, unknown>>(post: PostDetail, author = 'Ana'): Promise<Answer<Body>> {
    return (await this.as(author)).post<Body>(this.path(`posts/${post.id}/send-for-review`), { version: post.version })
  }

  /** Written and sent for review. */
  async sent(wanted: Wanted = {}): Promise<PostDetail> {
    return this.send(await this.write(wanted))
  }

  /** Written, sent and approved by Ben, who is signed in. */
  async approved(wanted: Wanted = {}): Promise<PostDetail> {
    const post = await this.sent(wanted)
    await this.decide(post, 'Ben', 'approve')
    return this.see(post)
  }

  /** One of the commands that need no body. */
  async command<Body = PostDetail>(post: { id: string }, command: string, name = 'Ana'): Promise<Answer<Body>> {
    return (await this.as(name)).post<Body>(this.path(`posts/${post.id}/${command}`))
  }

  async see(post: { id: string }, name = 'Ana'): Promise<PostDetail> {
    const { status, body } = await (await this.as(name)).get<PostDetail>(this.path(`posts/${post.id}`))
    if (status !== 200) throw new Error(`not seen: ${JSON.stringify(body)}`)
    return body
  }

  /** The post on its only channel. */
  async publication(post: { id: string }, name = 'Ana'): Promise<PublicationView> {
    const [publication] = (await this.see(post, name)).publications
    if (!publication) throw new Error('nothing is planned')
    return publication
  }

  async queue(name: string): Promise<Queue> {
    return (await (await this.as(name)).get<Queue>(this.path('queue'))).body
  }

  /** Puts the clock a little past the slot of the post's first publication, with what `later` adds. */
  async toSlot(post: { id: string }, later: DurationLikeObject = { seconds: 5 }): Promise<void> {
    const { slot } = await this.publication(post)
    await setClock(this.app, DateTime.fromISO(slot).plus(later).toISO()!)
  }

  async upload(name = 'Ana', size = 64): Promise<Media> {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
    const bytes = await sharp({ create: { width: size, height: size, channels: 3, background: '#336699', noise } })
      .jpeg()
      .toBuffer()
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'river.jpg')
    const { status, body } = await (await this.as(name)).ask<Media>('POST', this.path('media'), form)
    if (status !== 201) throw new Error(`not uploaded: ${JSON.stringify(body)}`)
    return body
  }

  /** The mails of one kind about one post to one person, opened, the oldest first. */
  async mails(
    name: string,
    kind: string,
    post?: { id: string },
  ): Promise<{ subject: string; text: string; html: string }[]> {
    // One mail may ask about several posts: then it is about each whose link it carries.
    const byLink = post !== undefined && (kind === 'review-request' || kind === 'review-reminder')
    const rows = await this.app.query<{ subject: string; sealed_content: string }>(
      `select subject, sealed_content from mails
       where recipient = $1 and kind = $2 and ($3::text is null or thread = $3) and (group_id = $4 or group_id is null) order by created_at, id`,
      [emailOf(name), kind, post && !byLink ? `post-${post.id}` : null, this.id],
    )
    const mails = rows.map(({ subject, sealed_content }) => {
      const { text, html } = unpackContent(this.app.app.get(Sealing).open(sealed_content, 'mail'))
      return { subject, text, html }
    })
    if (!byLink) return mails
    const links = await this.linksTo(post)
    return mails.filter((mail) => tokensIn(mail.text).some((token) => links.has(sha256(token))))
  }

  /** The hashes of all links to the post, of today and of before. */
  private async linksTo(post: { id: string }): Promise<Set<string>> {
    const rows = await this.app.query<{ hash: string }>(
      `select token_hash as hash from review_requests where post_id = $1
       union select l.token_hash from replaced_links l join review_requests r on r.id = l.request_id where r.post_id = $1`,
      [post.id],
    )
    return new Set(rows.map((row) => row.hash))
  }

  /** The path of the newest review link that this person was mailed about the post. */
  async link(post: { id: string }, name: string): Promise<string> {
    const requests = await this.mails(name, 'review-request', post)
    const mail = (await this.mails(name, 'review-reminder', post)).at(-1) ?? requests.at(-1)
    const links = await this.linksTo(post)
    const token = tokensIn(mail?.text ?? '').findLast((each) => links.has(sha256(each)))
    if (!token) throw new Error(`${name} has no link to this post`)
    return `/r/${token}`
  }

  /** Opens the mailed link in a browser, one without any session unless another is given. */
  async open(post: { id: string }, name: string, visitor: Visitor = this.app.visitor()): Promise<OpenPage> {
    // The first answer asks the browser to show that it keeps cookies.
    let path = await this.link(post, name)
    for (let hops = 0; !path.startsWith('/review/'); hops += 1) {
      const { status, headers } = await visitor.get(path)
      const next = headers.get('location')
      if (status !== 303 || !next || hops > 2) throw new Error(`the link answered ${status}`)
      path = next
    }
    return this.page(visitor, path)
  }

  async page(visitor: Visitor, path: string): Promise<OpenPage> {
    const { status, body } = await visitor.get<string>(path)
    return { visitor, path, status, html: body, csrf: field(body, 'csrf'), hash: field(body, 'hash') }
  }

  /** Presses one of the page's buttons. */
  press(
    page: OpenPage,
    decision: string,
    given: { ticks?: readonly string[]; note?: string; csrf?: string; hash?: string } = {},
  ): Promise<Answer<string>> {
    return this.submit(page, page.path, decision, given)
  }

  /** Types a code into the page that asks for it. */
  type(
    page: OpenPage,
    decision: string,
    code: string,
    given: { ticks?: readonly string[]; note?: string } = {},
  ): Promise<Answer<string>> {
    return this.submit(page, `${page.path}/code`, decision, given, { code })
  }

  /** The newest code that this person was mailed. */
  async code(name: string): Promise<string> {
    const mail = (await this.mails(name, 'review-code')).at(-1)
    const [code] = /\b\d{6}\b/.exec(mail?.text ?? '') ?? []
    if (!code) throw new Error(`${name} was mailed no code`)
    return code
  }

  /** A verdict by somebody who is signed in and opens the mailed link. */
  async decide(post: { id: string }, name: string, decision: string, note = ''): Promise<void> {
    const page = await this.open(post, name, await this.as(name))
    const { status, body } = await this.press(page, decision, { note })
    if (status !== 303) throw new Error(`no verdict (${status}): ${sentences(body)}`)
  }

  audit(kind: string): Promise<Record<string, unknown>[]> {
    return this.app
      .query<{ payload: string }>('select payload from audit_entries where group_id = $1 order by seq', [this.id])
      .then((rows) =>
        rows.map((row) => JSON.parse(row.payload) as Record<string, unknown>).filter((entry) => entry['kind'] === kind),
      )
  }

  /** Suspends somebody as an admin does. */
  async suspend(name: string): Promise<void> {
    const { status, body } = await (
      await this.as('Dee')
    ).patch(this.path(`members/${this.memberId(name)}`), { status: 'suspended' })
    if (status !== 200) throw new Error(`not suspended: ${JSON.stringify(body)}`)
  }

  private submit(
    page: OpenPage,
    path: string,
    decision: string,
    {
      ticks = decision === 'approve' ? allTicks : [],
      note = '',
      csrf = page.csrf,
      hash = page.hash,
    }: { ticks?: readonly string[]; note?: string; csrf?: string; hash?: string },
    more: Record<string, string> = {},
  ): Promise<Answer<string>> {
    const form = new URLSearchParams({ csrf, hash, note, decision, ...more })
    for (const tick of ticks) form.append('tick', tick)
    return page.visitor.send<string>('POST', path, form, { Origin: this.app.origin })
  }
}

/** Lets a test file ask more often than one address may. */
export async function forgetLimits(app: TestApp): Promise<void> {
  // As in startApp: not before the framework is there.
  const { ThrottlerStorage } = await import('@nestjs/throttler')
  const { storage, hitExpirations } =
    app.app.get<Record<'storage' | 'hitExpirations', Map<string, unknown>>>(ThrottlerStorage)
  storage.clear()
  hitExpirations.clear()
}

/** What a page says, without its markup. */
export function sentences(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', '’')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}

function field(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}
