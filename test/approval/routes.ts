import type { TestApp } from '../support/app.js'
import type { TestGroup } from '../support/group-fixture.js'

/** A route that changes something: any method but GET and HEAD. */
export interface Route {
  /** Method and path as the router has them, such as `PATCH /api/groups/:groupId`. */
  readonly name: string
  readonly method: string
  readonly path: string
}

/** Every route of the running application that is no mere look: nobody has to remember to add one here. */
export function unsafeRoutes(app: TestApp): Route[] {
  const { router } = app.app.getHttpAdapter().getInstance() as unknown as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] }
  }
  return router.stack.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {})
      .map((method) => method.toUpperCase())
      .filter((method) => !['GET', 'HEAD'].includes(method))
      .map((method) => ({ name: `${method} ${route!.path}`, method, path: route!.path })),
  )
}

/** Routes that are not tried, by how they begin, and why. */
export const harmless: Readonly<Record<string, string>> = {
  'POST /api/set-up': 'makes the first group, and refuses where there is one',
  'POST /api/sign-': 'opens and ends the caller’s own sessions; no post has a part in it',
  'POST /sign-in/confirm': 'opens a session by a mailed token',
  'POST /api/account/': 'is about the caller’s own sign-in',
  'PATCH /api/account/': 'is about the caller’s own sign-in',
  'DELETE /api/account/': 'is about the caller’s own sign-in',
  'POST /api/groups/:groupId/media': 'takes a picture; no post has a part in it',
  'POST /api/groups/:groupId/bulk/:bulkId/stop': 'ends the writing of more posts; it touches none that is there',
  'POST /api/groups/:groupId/bulk/:bulkId/go-on': 'goes on with a request: each post is sent for review like any other',
  'POST /unsubscribe/': 'ends a mail, by its token',
  'POST /noticeboard/': 'counts a reader of what is public already',
}

/** Routes that refuse everybody while a post waits, and what they wait for. */
export const closed: Readonly<Record<string, string>> = {
  'POST /api/demo/enter': 'a demonstration',
  'POST /api/demo/clock': 'a demonstration',
  'POST /api/groups/:groupId/governance/managers/:place/confirm': 'a manager other than the one who is asked',
  'PUT /api/groups/:groupId/governance/hand-overs/:memberId/ticks': 'somebody who left',
  'PUT /api/groups/:groupId/governance/hand-overs/:memberId/notes': 'somebody who left',
  'POST /api/groups/:groupId/policy/proposals/:number/refuse': 'a proposal that nobody has confirmed',
  'POST /api/groups/:groupId/log/resume': 'a log that holds everything back',
  'POST /api/groups/:groupId/posts/:postId/send-for-review': 'a change that was not sent',
  'DELETE /api/groups/:groupId/channels/:channelId': 'a channel without planned posts',
  'POST /api/groups/:groupId/channels/consent': 'a network that wants somebody to agree there',
  'POST /api/groups/:groupId/channels/consent/back': 'a way to such a network that was begun',
  'POST /api/groups/:groupId/channels/consent/:consentId/again': 'a way to such a network that was begun',
  'POST /api/groups/:groupId/channels/consent/:consentId/choose': 'a consent that opened several accounts',
  'POST /api/groups/:groupId/posts/:postId/discard-edit': 'a change that was not sent',
  'POST /api/groups/:groupId/posts/:postId/withdraw': 'an answer to take back',
  'POST /api/groups/:groupId/posts/:postId/adopt': 'an author who left',
  'POST /api/groups/:groupId/posts/:postId/suggestions/:suggestionId/dismiss': 'a suggestion that is open still',
  'POST /api/groups/:groupId/publications/:publicationId/move': 'the very slot that was seen',
  'POST /api/groups/:groupId/publications/:publicationId/next-slot': 'something that was missed',
  'POST /api/groups/:groupId/spreads': 'moves as they were proposed',
  'POST /api/groups/:groupId/spreads/:spreadId/undo': 'a spread of the last ten minutes',
  'DELETE /api/groups/:groupId/silences/:silenceId': 'a silence that is planned',
  'POST /api/groups/:groupId/publications/:publicationId/retract': 'something that is public',
  'POST /api/groups/:groupId/publications/:publicationId/acknowledge': 'something that was taken down',
  'POST /api/groups/:groupId/publications/:publicationId/accept-failure': 'something that failed',
  'POST /api/groups/:groupId/publications/:publicationId/answer': 'something that may be public',
}

/** Fields of one route whose names mean something else in others. */
const own: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'PUT /api/groups/:groupId/governance/managers/:place': { role: 'Treasurer' },
  // the number of a sealed one
  'POST /api/groups/:groupId/posts/:postId/suggestions': { version: 1 },
  'POST /api/groups/:groupId/channels': { answers: { handle: 'another.test' } },
  'PATCH /api/groups/:groupId': { name: 'River and Bank' },
  'POST /api/groups/:groupId/silences': { from: '2027-06-01T00:00', until: '2027-06-02T00:00', channelIds: null },
}

/** Two who are in this group alone, to be found out to be one. */
export function twins(river: TestGroup): [string, string] {
  return [`Kit of ${river.group.name}`, `Kat of ${river.group.name}`]
}

/** One body with all that any route wants to hear. Each names the fields that are not its own, and is asked again without. */
export function body(route: Route, river: TestGroup, version: number, text: string): Record<string, unknown> {
  return {
    ...river.input({ text }),
    version,
    name: 'Somebody New',
    email: 'somebody.new@example.org',
    telephone: '+44 20 7946 0000',
    timeZone: 'Europe/London',
    roles: ['admin', 'editor', 'reviewer'],
    role: 'reviewer',
    status: 'active',
    state: 'approved',
    approved: true,
    getsSummary: true,
    memberId: river.memberId('Ana'),
    network: 'bluesky',
    answers: { handle: `${river.group.slug}.test` },
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:00', name: 'always' }],
    gapMinutes: 0,
    text: 'Be kind.',
    words: 'The river is quite high.',
    place: 'text',
    note: 'It reads better.',
    muted: true,
    number: 1,
    item: 'passwords',
    done: true,
    until: null,
    endsOn: null,
    reason: 'Because it is so.',
    sameAs: river.memberId(twins(river)[1]),
    policy: {
      approvals: 1,
      contributorRule: 'last_editor',
      approvalLifetimeDays: null,
      coolingMinutes: 0,
      atOnceCoolingMinutes: 0,
      proof: 'usual',
      adminsNeedPasskey: false,
      mayBeAsked: null,
      extra: [],
    },
    minutes: 60,
    key: 'several-at-once',
    send: true,
    channelIds: [river.bluesky.id],
    posts: [{ text: 'One of several.' }],
    of: 'GB-SCT',
    there: true,
    url: null,
    ...own[route.name],
  }
}
