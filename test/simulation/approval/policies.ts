import { PoliciesService } from '../../../src/groups/policies.service.js'
import type { Policy } from '../../../src/groups/policy.js'
import type { Action } from './doing.js'
import type { World } from './world.js'

const admins = (world: World) => world.people.filter((each) => each.roles.includes('admin'))

/** Any policy that the rules take, now stricter, now weaker than the one before. */
function somePolicy(world: World, before: Policy): Policy {
  const { dice } = world
  const keep = <T>(now: T, other: () => T): T => (dice.happens(0.6) ? now : other())
  const somebody = () => dice.pick(world.people)!.memberId
  return {
    ...before,
    approvals: keep(before.approvals, () => 1 + dice.below(3)),
    contributorRule: keep(before.contributorRule, () => (dice.happens(0.5) ? 'strict' : 'last_editor')),
    approvalLifetimeDays: keep(before.approvalLifetimeDays, () => (dice.happens(0.5) ? null : 1)),
    coolingMinutes: keep(before.coolingMinutes, () => dice.pick([0, 5, 30])!),
    atOnceCoolingMinutes: keep(before.atOnceCoolingMinutes, () => dice.pick([0, 5])!),
    mayBeAsked: keep(before.mayBeAsked, () =>
      dice.happens(0.6)
        ? null
        : world.people
            .filter((each) => each.roles.includes('reviewer') && dice.happens(0.8))
            .map((each) => each.memberId),
    ),
    extra: keep(before.extra, () =>
      dice.happens(0.4)
        ? []
        : [
            {
              labels: ['sensitive'],
              channelIds: dice.happens(0.3) ? [world.channels[0]!.id] : [],
              reviewers: dice.happens(0.5) ? [somebody(), somebody()] : [],
              approvals: dice.happens(0.5) ? 2 : null,
            },
          ],
    ),
  }
}

async function proposal(world: World): Promise<number | null> {
  const [row] = await world.query<{ number: number }>(
    `select number from policies where group_id = $1 and state = 'proposed'`,
    [world.groupId],
  )
  return row?.number ?? null
}

/** What admins do to the rules of reviewing. */
export const policies: readonly Action[] = [
  {
    name: 'change the policy',
    weight: 4,
    prepare: async (world) => {
      const who = world.dice.pick(admins(world))
      if (!who) return null
      const service = world.stage.app.get(PoliciesService)
      const { number: _number, ...before } = await service.current(world.groupId)
      const wanted = somePolicy(world, before)
      return {
        what: `${who.name}: ${JSON.stringify(wanted)}`,
        work: () => service.propose(world.acting(who), wanted, 'We have talked about it.'),
      }
    },
  },
  ...(['confirm', 'refuse'] as const).map((name): Action => ({
    name: `${name} a weaker policy`,
    weight: name === 'confirm' ? 6 : 1,
    prepare: async (world) => {
      const number = await proposal(world)
      // mostly somebody who may
      const who = world.dice.pick(world.dice.happens(0.9) ? admins(world) : world.people)
      if (number === null || !who) return null
      return {
        what: `${who.name}, version ${number}`,
        work: () => world.stage.app.get(PoliciesService)[name](world.acting(who), number),
      }
    },
  })),
]
