import { Transaction } from '../../../src/database/transaction.js'
import { DomainError } from '../../../src/kernel/domain-error.js'
import { sha256 } from '../../../src/kernel/ids.js'
import { HandingOverService } from '../../../src/reviewers/asking/handing-over.service.js'
import type { ReviewRequestEntity } from '../../../src/reviewers/asking/review-request.entity.js'
import { ReviewAccessService } from '../../../src/reviewers/page/review-access.service.js'
import { ReviewsService } from '../../../src/reviewers/reviews.service.js'
import { ReviewsStore } from '../../../src/reviewers/reviews.store.js'
import type { Decision } from '../../../src/reviewers/verdict.js'
import { VerdictsService } from '../../../src/reviewers/verdicts.service.js'
import { PostCommandsService } from '../../../src/workspace/post-commands.service.js'
import type { Action, Doing } from './doing.js'
import type { Link, PostRow, Somebody, World } from './world.js'

type Kind = Decision['kind']

interface Given {
  readonly kind: Kind
  readonly via: Decision['via']
  /** Whether the page is looked at once more, as the pages of a link do; without it the answer meets the rules alone. */
  readonly asPage: boolean
  /** Instead of the hash that was shown. */
  readonly hash?: string
}

function given(world: World, kind: Kind, hash?: string): Given {
  const { dice } = world
  return { kind, via: dice.pick(['device', 'code', 'session'] as const)!, asPage: dice.happens(0.3), hash }
}

async function answer(world: World, request: ReviewRequestEntity, { kind, via, asPage, hash }: Given): Promise<void> {
  const { app } = world.stage
  const { manager } = app.get(Transaction)
  if (asPage) {
    const reviewer = (await app.get(ReviewsStore).candidates(manager, world.groupId)).find(
      (each) => each.memberId === request.memberId,
    )
    if (!reviewer) return
    const proof = via === 'session' ? 'session' : 'device'
    const access = {
      request,
      groupName: '',
      reviewer,
      token: null,
      pass: null,
      strict: false,
      proof,
      otherPerson: null,
    } as const
    const page = await app.get(ReviewsService).page(access)
    if (page.kind === 'explained') throw new DomainError(`page: ${page.title}`, page.title)
  }
  const [shown] = await world.query<{ hash: string }>('select hash from revisions where group_id = $1 and id = $2', [
    world.groupId,
    request.revisionId,
  ])
  const note = kind === 'changes' ? 'Please say when.' : ''
  const ticks = ['kind', 'right', 'agreed']
  await app.get(VerdictsService).give(request, { kind, note, ticks, hash: hash ?? shown!.hash, via, token: null })
}

/** An answer by a mailed link. */
export function byLink(world: World, link: Link, how: Given): Doing {
  return {
    what: `${link.to.name} on ${world.nameOf(link.postId)} (${how.via}${how.asPage ? ', page' : ''})`,
    work: async () => {
      const request = await world.stage.app.get(ReviewAccessService).byToken(link.token)
      // a link of a mail whose transaction was rolled back
      if (request) await answer(world, request, how)
    },
  }
}

/** Somebody asks for a review page without having been asked, and answers. */
export function uninvited(world: World, post: PostRow, who: Somebody, how: Given): Doing {
  return {
    what: `${who.name} on ${world.nameOf(post.id)}${how.hash ? ', wrong hash' : ''}`,
    work: async () => {
      const address = await world.stage.app.get(PostCommandsService).review(world.acting(who), post.id)
      const { manager } = world.stage.app.get(Transaction)
      const request = await world.stage.app.get(ReviewsStore).requestById(manager, address.replace('/review/', ''))
      if (request) await answer(world, request, how)
    },
  }
}

/** The approvals that are still missing, one after the other, by anybody who was mailed a link and may. */
export async function secure(world: World, post: PostRow): Promise<void> {
  const worked = world.worked.get(post.id) ?? new Set()
  for (const link of world.links.filter((each) => each.postId === post.id)) {
    if (worked.has(link.to.personId)) continue
    await orRefused(byLink(world, link, { kind: 'approve', via: 'device', asPage: false }).work)
  }
}

/** Does it, unless a rule says no. */
export async function orRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

/** A verdict by one of those who were asked, about this post. */
export function verdict(world: World, post: PostRow, kind: Kind): Doing | null {
  const link = world.dice.pick(world.links.filter((each) => each.postId === post.id).slice(-4))
  return link ? byLink(world, link, given(world, kind)) : null
}

function asked(name: string, kind: Kind, weight: number): Action {
  return {
    name,
    weight,
    prepare: async (world) => {
      const post = await world.somePost()
      return post ? verdict(world, post, kind) : null
    },
  }
}

/** What people do who review, rightly or not. */
export const reviewing: readonly Action[] = [
  asked('approve', 'approve', 18),
  asked('ask for changes', 'changes', 3),
  asked('stop', 'stop', 2),
  {
    name: 'approve by everybody asked',
    weight: 8,
    prepare: async (world) => {
      const post = await world.somePost()
      return post ? { what: world.nameOf(post.id), work: () => secure(world, post) } : null
    },
  },
  {
    name: 'answer uninvited',
    weight: 5,
    prepare: async (world) => {
      const post = await world.somePost()
      const kind = world.dice.weighted([
        { weight: 4, kind: 'approve' as const },
        { weight: 1, kind: 'changes' as const },
        { weight: 1, kind: 'stop' as const },
      ]).kind
      return post ? uninvited(world, post, world.dice.pick(world.people)!, given(world, kind)) : null
    },
  },
  {
    name: 'approve as a contributor',
    weight: 5,
    prepare: async (world) => {
      const post = await world.somePost()
      if (!post) return null
      const worked = world.worked.get(post.id) ?? new Set()
      const who = world.dice.pick(world.people.filter((each) => worked.has(each.personId)))
      return who ? uninvited(world, post, who, given(world, 'approve')) : null
    },
  },
  {
    name: 'approve by any old link',
    weight: 3,
    prepare: (world) => {
      const link = world.dice.pick(world.links)
      return link ? byLink(world, link, given(world, 'approve')) : null
    },
  },
  {
    name: 'approve something else',
    weight: 4,
    prepare: async (world) => {
      const post = await world.somePost()
      if (!post) return null
      const [other] = await world.query<{ hash: string }>(
        'select hash from revisions where group_id = $1 and hash is distinct from $2 order by number, hash limit 1',
        [world.groupId, post.hash],
      )
      const hash = other && world.dice.happens(0.5) ? other.hash : sha256('something else')
      return uninvited(world, post, world.dice.pick(world.people)!, given(world, 'approve', hash))
    },
  },
  {
    name: 'hand over',
    weight: 2,
    prepare: (world) => {
      const link = world.dice.pick(world.links.slice(-4))
      if (!link) return null
      return {
        what: `${link.to.name} on ${world.nameOf(link.postId)}`,
        work: async () => {
          const { app } = world.stage
          const request = await app.get(ReviewAccessService).byToken(link.token)
          const candidates = await app.get(ReviewsStore).candidates(app.get(Transaction).manager, world.groupId)
          const reviewer = candidates.find((each) => each.memberId === request?.memberId)
          if (!request || !reviewer) return
          await app.get(HandingOverService).handOver({ request, reviewer })
        },
      }
    },
  },
]
