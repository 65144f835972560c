import type { Role } from '../groups/roles.js'

/** What somebody who leaves has in hand, as the database knows it. */
export interface LeftBehind {
  readonly name: string
  readonly posts: readonly { readonly id: string; readonly words: string; readonly state: string }[]
  readonly requests: readonly { readonly postId: string; readonly words: string }[]
  /** Channels whose credentials they typed in last. */
  readonly channels: readonly { readonly id: string; readonly name: string; readonly network: string }[]
  /** Roles that no other active member holds. */
  readonly rolesAlone: readonly Role[]
  readonly accountable: boolean
  /** Sessions and confirmed devices that still open something here. */
  readonly devices: number
  readonly otherGroups: number
  readonly passkeys: number
  readonly hasLeft: boolean
}

/** One thing to see to. `key` stays the same while the thing does. */
export interface HandOverItem {
  readonly key: string
  readonly text: string
  /** Where it can be done in the workspace, below the group's own address; null: elsewhere. */
  readonly path: string | null
}

/** What there is to see to, the pressing first. */
export function handOverItems(left: LeftBehind): HandOverItem[] {
  const { name } = left
  return [
    ...left.channels.map(({ id, name: channel, network }) => ({
      key: `channel:${id}`,
      text: `${name} connected ${channel} on ${network}. Change the password there, and connect the channel again if the network asks for it.`,
      path: 'settings/channels',
    })),
    ...left.rolesAlone.map((role) => ({
      key: `role:${role}`,
      text: `Nobody else here is ${article[role]}. Give somebody the role.`,
      path: 'settings/people',
    })),
    ...(left.accountable
      ? [
          {
            key: 'accountable',
            text: `${name} is named as one of the two who answer for the accounts. Name somebody else.`,
            path: 'settings/governance',
          },
        ]
      : []),
    ...left.posts.map(({ id, words, state }) => ({
      key: `post:${id}`,
      text: `${ownPost(name, state)} “${words}”. ${postWayOut(state)}`,
      path: `posts/${id}`,
    })),
    ...left.requests.map(({ postId, words }) => ({
      key: `request:${postId}`,
      text: `${name} was asked to review “${words}”. Make sure that somebody else looks at it.`,
      path: `posts/${postId}`,
    })),
    ...access(left),
    {
      key: 'outside',
      text: `Take ${name} out of what Seconder does not know: shared mailboxes, chats, password stores, the networks’ own teams.`,
      path: null,
    },
    { key: 'talk', text: `Ask ${name} what is written down nowhere, and say thank you.`, path: null },
  ]
}

const article: Record<Role, string> = { admin: 'an admin', editor: 'an editor', reviewer: 'a reviewer' }

function ownPost(name: string, state: string): string {
  const what: Record<string, string> = {
    draft: 'has a draft',
    in_review: 'wrote a post that is in review',
    changes_requested: 'wrote a post that is to be changed',
    approved: 'wrote a post that is still to go out',
  }
  return `${name} ${what[state] ?? 'wrote a post'}:`
}

function postWayOut(state: string): string {
  return state === 'draft' || state === 'changes_requested'
    ? 'Somebody should take it over, or cancel it.'
    : 'It goes its way; somebody should take it over, to answer for it.'
}

/** Signing out is done by itself, unless another group needs the same sign-in. */
function access({ name, devices, otherGroups, passkeys, hasLeft }: LeftBehind): HandOverItem[] {
  if (!hasLeft) return []
  const elsewhere = otherGroups > 0 ? ' They stay signed in for their other groups.' : ''
  const items: HandOverItem[] = []
  if (devices > 0) {
    items.push({
      key: 'devices',
      text: `${name} still has ${devices === 1 ? 'a device' : `${devices} devices`} signed in, but nothing of this group opens for them any more.${elsewhere}`,
      path: null,
    })
  }
  if (passkeys > 0) {
    items.push({
      key: 'passkeys',
      text: `${name} still has ${passkeys === 1 ? 'a passkey' : `${passkeys} passkeys`}, which ${passkeys === 1 ? 'opens' : 'open'} nothing of this group any more. They can remove ${passkeys === 1 ? 'it' : 'them'} in their account.`,
      path: null,
    })
  }
  return items
}
