/** What a member may do in a group; any mix of these. */
export const roles = ['admin', 'editor', 'reviewer'] as const
export type Role = (typeof roles)[number]

export const memberStatuses = ['active', 'suspended', 'left'] as const
export type MemberStatus = (typeof memberStatuses)[number]

/** Whether somebody with these roles may do what is open to any of `needed`. Nothing needed: every member may. */
export function mayAct(held: readonly Role[], needed: readonly Role[]): boolean {
  return needed.length === 0 || needed.some((role) => held.includes(role))
}

/** Roles without repetition, in the one order that is shown and stored. */
export function inOrder(given: readonly Role[]): Role[] {
  return roles.filter((role) => given.includes(role))
}

const article: Record<Role, string> = { admin: 'an admin', editor: 'an editor', reviewer: 'a reviewer' }

/** Why a member may not do something, and whom to ask. */
export function roleRefusal(held: readonly Role[], needed: readonly Role[], groupName: string): string {
  const wanted = needed.map((role) => article[role]).join(' or ')
  const has =
    held.length === 0 ? 'you have no role there yet' : `you are ${list(inOrder(held).map((role) => article[role]))}`
  return `Only ${wanted} of ${groupName} may do this, and ${has}. Ask an admin of the group.`
}

const doing: Record<Role, string> = {
  admin: 'runs the group',
  editor: 'writes posts',
  reviewer: 'reviews what others wrote',
}

/** What somebody with these roles does, as a short sentence without a full stop: "Writes posts and reviews what others wrote". */
export function describeRoles(held: readonly Role[]): string {
  const text = held.length === 0 ? 'looks on' : list(inOrder(held).map((role) => doing[role]))
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
