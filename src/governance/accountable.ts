import type { DateTime } from 'luxon'

/** How to reach one of the two people who answer for the accounts. */
export interface ManagerDetails {
  readonly name: string
  /** Their place in the organisation: "treasurer". */
  readonly role: string
  readonly email: string
  readonly telephone: string
}

/** One of the two, with when somebody last said that this is right. */
export interface Manager extends ManagerDetails {
  readonly place: number
  readonly confirmedAt: DateTime
}

const months = 12

/** Whether nobody has said for a year that this is right. */
export function isUnconfirmed(confirmedAt: DateTime, now: DateTime): boolean {
  return confirmedAt.plus({ months }) <= now
}

/**
 * What is wrong with the two managers, as sentences that every member may read: no addresses in them.
 * `oneHuman` says that the two addresses belong to one person of the installation.
 */
export function managerNotices(
  managers: readonly Manager[],
  now: DateTime,
  timeZone: string,
  oneHuman = false,
): string[] {
  const [first, second] = managers
  if (!first) return ['Nobody is named yet who answers for the accounts. Name two people, and how to reach them.']
  return [
    ...(second
      ? sameness(first, second, oneHuman)
      : [`Only ${first.name} is named. Name a second person, so that somebody can be reached when they cannot.`]),
    ...managers
      .filter((each) => isUnconfirmed(each.confirmedAt, now))
      .map(
        (each) =>
          `What is written here about ${each.name} was last confirmed on ${inWords(each.confirmedAt, timeZone)}. Is it still right?`,
      ),
  ]
}

function sameness(one: Manager, other: Manager, oneHuman: boolean): string[] {
  if (oneHuman || plain(one.name) === plain(other.name))
    return [`Both places name ${one.name}. Two different people have to answer for the accounts.`]
  return [
    ...(plain(one.email) === plain(other.email)
      ? [`${one.name} and ${other.name} have the same e-mail address here. Each needs one of their own.`]
      : []),
    ...(digits(one.telephone) === digits(other.telephone)
      ? [`${one.name} and ${other.name} have the same telephone number here. Each needs one of their own.`]
      : []),
  ]
}

/** Without case, accents and spaces that two spellings of one name or address differ in. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase()
}

/** The end of the number, which "+44 7700 900123" and "07700 900123" have in common. */
function digits(telephone: string): string {
  return telephone.replace(/\D/g, '').slice(-9)
}

function inWords(instant: DateTime, timeZone: string): string {
  return instant.setZone(timeZone).setLocale('en-GB').toFormat('d LLLL yyyy')
}
