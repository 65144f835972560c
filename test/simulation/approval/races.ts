import { DataSource } from 'typeorm'

import { MembersService } from '../../../src/groups/members.service.js'
import { PoliciesService } from '../../../src/groups/policies.service.js'
import { PostCommandsService } from '../../../src/workspace/post-commands.service.js'
import { otherAccount, toNextSlot } from './going-out.js'
import { byLink, orRefused, uninvited } from './reviewing.js'
import type { Link, PostRow, Somebody, World } from './world.js'
import { save, send, write } from './writing.js'

type Work = () => Promise<unknown>

/** Two things, or many, at the same moment. */
export interface Race {
  readonly name: string
  /** Whether the post is approved and its time has come before it starts. */
  readonly ripe: boolean
  readonly works: (world: World, post: PostRow, links: readonly Link[]) => Promise<readonly Work[]> | readonly Work[]
}

const claim =
  (world: World, worker: 0 | 1 = 0): Work =>
  () =>
    world.stage.workers[worker].runDue()
const commands = (world: World) => world.stage.app.get(PostCommandsService)
const ana = (world: World): Somebody => world.people[0]!
const dee = (world: World): Somebody => world.people[3]!

/** What comes in while an approved post is being claimed, by two workers. */
function againstClaim(name: string, other: (world: World, post: PostRow, approver: Somebody) => Work): Race {
  return {
    name: `${name} against claim`,
    ripe: true,
    works: async (world, post) => {
      const approver = (await world.approvers(post.id))[0] ?? world.people[1]!
      return [claim(world), other(world, post, approver), claim(world, 1)]
    },
  }
}

const approve = (world: World, link: Link): Work =>
  byLink(world, link, { kind: 'approve', via: 'device', asPage: false }).work

/** Each is played many times, with its statements in a random order. */
export const races: readonly Race[] = [
  {
    name: 'approve against edit',
    ripe: false,
    works: (world, post, links) => [approve(world, links[0]!), save(world, post, ana(world)).work],
  },
  {
    name: 'approve against edit and send',
    ripe: false,
    works: (world, post, links) => [
      approve(world, links[0]!),
      async () => {
        await save(world, post, ana(world)).work()
        await send(world, (await world.post(post.id))!, ana(world)).work()
      },
    ],
  },
  {
    name: 'two approvals',
    ripe: false,
    works: (world, _post, links) => links.slice(0, 2).map((link) => approve(world, link)),
  },
  {
    name: 'twenty-five redemptions of one link',
    ripe: false,
    works: (world, _post, links) => Array.from({ length: 25 }, () => approve(world, links[0]!)),
  },
  againstClaim(
    'suspension',
    (world, _post, approver) => () =>
      world.stage.app.get(MembersService).change(world.acting(dee(world)), approver.memberId, { status: 'suspended' }),
  ),
  againstClaim(
    'loss of a role',
    (world, _post, approver) => () =>
      world.stage.app.get(MembersService).change(world.acting(dee(world)), approver.memberId, { roles: ['editor'] }),
  ),
  againstClaim('hold', (world, post) => () => commands(world).hold(world.acting(dee(world)), post.id)),
  againstClaim(
    'withdrawal',
    (world, post, approver) => () => commands(world).withdraw(world.acting(approver), post.id),
  ),
  againstClaim(
    'wish for changes',
    (world, post) => uninvited(world, post, world.people[6]!, { kind: 'changes', via: 'session', asPage: false }).work,
  ),
  againstClaim('edit', (world, post) => save(world, post, ana(world)).work),
  againstClaim('cancelling', (world, post) => () => commands(world).cancel(world.acting(ana(world)), post.id)),
  againstClaim(
    'another account',
    (world) => () => otherAccount(world, world.channels[0]!.id, `${world.channels[0]!.account}.other`),
  ),
  againstClaim('stricter policy', (world) => async () => {
    const service = world.stage.app.get(PoliciesService)
    const { number: _number, ...before } = await service.current(world.groupId)
    await service.propose(world.acting(dee(world)), { ...before, approvals: 3 }, 'We have talked about it.')
  }),
  againstClaim(
    'discovery that reviewer and author are one',
    (world, _post, approver) => () =>
      world.stage.app
        .get(DataSource)
        .query('update people set same_as = $2 where id = $1', [approver.personId, ana(world).personId]),
  ),
]

/** Writes a post that is asked about, or one that is approved and due. */
export async function prepareRace(world: World, ripe: boolean): Promise<{ post: PostRow; links: readonly Link[] }> {
  for (;;) {
    await world.passTime(world.stage.clock.at.plus({ minutes: 1 }))
    const id = await write(world, ana(world))
    const written = (await world.post(id))!
    await orRefused(send(world, written, ana(world)).work)
    world.readMails()
    const links = world.links.filter((each) => each.postId === id)
    if (links.length < 2) continue
    if (ripe) {
      // no more approvals than needed: each of them matters
      for (const link of links) {
        if ((await world.post(id))!.state !== 'approved') await orRefused(approve(world, link))
      }
      if ((await world.post(id))!.state !== 'approved') continue
      await toNextSlot(world)
    }
    return { post: (await world.post(id))!, links }
  }
}
