import { PostCommandsService } from '../../../src/workspace/post-commands.service.js'
import { byHand, claimByHand } from './by-hand.js'
import type { Action, Doing } from './doing.js'
import { chooseFaults, otherAccount, toNextSlot } from './going-out.js'
import { suspend } from './members.js'
import { orRefused, secure, uninvited, verdict } from './reviewing.js'
import type { PostRow, World } from './world.js'
import { save, send } from './writing.js'

/** Milliseconds in which a claim, counted and not yet committed, lets others come in between. */
const pauseMs = 6

/** Does both at the same moment. A refusal of either is theirs; the first one is told. */
async function together(...works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const results = await Promise.allSettled(works.map((work) => work()))
  const refused = results.find((each) => each.status === 'rejected')
  if (refused) throw refused.reason
}

/** Sends the post for review if need be, has it approved, and waits for its slot. */
async function ripen(world: World, post: PostRow): Promise<void> {
  if (post.state === 'draft' || post.editing) await orRefused(send(world, post, world.member(post.authorId)!).work)
  world.readMails()
  await secure(world, post)
  await toNextSlot(world)
}

/** Something that comes in while posts are being claimed. */
function against(
  name: string,
  weight: number,
  other: (world: World, post: PostRow) => Doing | null | Promise<Doing | null>,
): Action {
  return {
    name: `claim while: ${name}`,
    weight,
    prepare: async (world) => {
      const post = await world.somePost()
      if (!post) return null
      await ripen(world, post)
      const doing = await other(world, (await world.post(post.id)) ?? post)
      if (!doing) return null
      const told = chooseFaults(world)
      const hand = world.dice.happens(0.3)
      const claim = () =>
        hand ? byHand(world, claimByHand, post.id) : world.stage.workers[0].runDue().then(() => undefined)
      return {
        what: `${doing.what} (${hand ? 'by hand' : told})`,
        work: async () => {
          await world.stage.pauseClaims(pauseMs)
          try {
            // a little later: the claim has counted by then, and has not committed
            await together(claim, () => new Promise((done) => setTimeout(done, world.dice.below(5))).then(doing.work))
          } finally {
            await world.stage.pauseClaims(0)
          }
        },
      }
    },
  }
}

/** Two answers, or an answer and a change, at the same moment. */
function both(name: string, weight: number, two: (world: World, post: PostRow) => (Doing | null)[]): Action {
  return {
    name: `at once: ${name}`,
    weight,
    prepare: async (world) => {
      const post = await world.somePost()
      const doings = post ? two(world, post).filter((each) => each !== null) : []
      if (doings.length < 2) return null
      return {
        what: doings.map((each) => each.what).join(' | '),
        work: () => together(...doings.map((each) => each.work)),
      }
    },
  }
}

const anybody = (world: World) => world.dice.pick(world.people)!

/** Two things at once. The outcome depends on who is faster; what must hold does not. */
export const atOnce: readonly Action[] = [
  both('approve and edit', 3, (world, post) => [verdict(world, post, 'approve'), save(world, post, anybody(world))]),
  both('two approvals', 3, (world, post) => [verdict(world, post, 'approve'), verdict(world, post, 'approve')]),
  both('approve and ask for changes', 2, (world, post) => [
    verdict(world, post, 'approve'),
    verdict(world, post, 'changes'),
  ]),
  both('approve and suspend', 2, (world, post) => [verdict(world, post, 'approve'), suspend(world, anybody(world))]),
  against('suspend', 4, async (world, post) =>
    suspend(world, world.dice.pick(await world.approvers(post.id)) ?? anybody(world)),
  ),
  against('edit', 3, (world, post) => save(world, post, anybody(world))),
  against('hold', 4, (world, post) => ({
    what: world.nameOf(post.id),
    work: () => world.stage.app.get(PostCommandsService).hold(world.acting(anybody(world)), post.id),
  })),
  against('ask for changes', 3, (world, post) =>
    uninvited(world, post, anybody(world), { kind: 'changes', via: 'session', asPage: false }),
  ),
  against('another account', 2, (world) => ({
    what: '',
    work: () => otherAccount(world, world.channels[0]!.id, `${world.channels[0]!.account}.other`),
  })),
  against('another worker', 3, (world) => ({ what: '', work: () => world.stage.workers[1].runDue() })),
]
