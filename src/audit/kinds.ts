/** What a kind of entry is about; the page of the log filters by it. */
export type AuditTopic = 'posts' | 'reviewing' | 'publishing' | 'people' | 'signing-in' | 'channels' | 'group' | 'log'

interface KindWords {
  readonly about: AuditTopic
  /** A sentence; `{field}`, `{field|otherwise}` and `[only with {field}]` are explained at `sentenceOf`. */
  readonly says: string
}

/**
 * Everything that is written down, by its kind: a past tense in kebab-case. What is not here cannot be appended, so
 * that every entry has a sentence on the page. Kinds are added, never renamed: entries keep theirs for ever.
 */
export const kinds = {
  'sent-for-review': { about: 'posts', says: '{member} sent the post for review.' },
  'post-edited': { about: 'posts', says: '{member} started to change the sealed version.' },
  'edit-discarded': { about: 'posts', says: '{member} discarded the changes; the sealed version stands.' },
  'post-held': { about: 'posts', says: '{member} put the post on hold.' },
  'post-released': { about: 'posts', says: 'An approval by {member} ended the hold.' },
  'post-adopted': { about: 'posts', says: '{member} took the post over from {from}.' },
  'post-expired': { about: 'posts', says: 'The time of the post was over, so it ended.' },
  commented: { about: 'posts', says: '{member} wrote a comment.' },
  'comment-removed': { about: 'posts', says: '{member} took a comment back.' },
  suggested: { about: 'posts', says: '{member} suggested other words.' },
  'suggestion-applied': { about: 'posts', says: '{member} applied words that {suggestedBy} suggested.' },
  'suggestion-dismissed': { about: 'posts', says: '{member} dismissed words that {suggestedBy} suggested.' },
  'post-cancelled': { about: 'posts', says: '{member} cancelled the post.' },

  'link-minted': { about: 'reviewing', says: '{member} was asked to review, by a link.' },
  'link-refused': { about: 'reviewing', says: 'The link of {member} was opened by somebody else, and refused.' },
  'link-locked': { about: 'reviewing', says: 'The link of {member} was locked after too many wrong codes.' },
  'device-confirmed': { about: 'reviewing', says: '{member} confirmed a device for reviewing.' },
  'verdict-given': { about: 'reviewing', says: '{member} answered the review: {verdict}.' },
  'verdict-withdrawn': { about: 'reviewing', says: '{member} took back their answer.' },
  'approval-lost': { about: 'reviewing', says: 'An approval or a request no longer counts; the post is {state} now.' },
  'approval-regained': { about: 'reviewing', says: 'A reviewer is back, and their approval counts again.' },
  'review-reminded': { about: 'reviewing', says: '{member} was reminded, by a new link.' },
  'review-escalated': { about: 'reviewing', says: 'Nobody had answered, so others were asked: {count}.' },
  'review-handed-over': { about: 'reviewing', says: '{member} asked somebody else to review.' },
  'gate-refused': { about: 'reviewing', says: 'The database refused to let it out: an approval no longer counts.' },

  'publication-claimed': { about: 'publishing', says: 'It was taken to be sent, try {attempt}.' },
  'attempt-ended': { about: 'publishing', says: 'Try {attempt} ended: {outcome}.[ Its id at the network: {remote}.]' },
  'part-published': { about: 'publishing', says: 'Part {part} is out. Its id at the network: {remote}.' },
  'looked-up': { about: 'publishing', says: 'The network was asked whether it is there: {found}.' },
  'publication-moved': { about: 'publishing', says: 'It was late and moved to another time.' },
  'publication-moved-by-hand': { about: 'publishing', says: '{member} moved it to another time.' },
  'day-spread': { about: 'publishing', says: '{member} spread a day again; posts that moved: {count}.' },
  'day-spread-undone': {
    about: 'publishing',
    says: '{member} undid the spreading of a day; posts that went back: {count}.',
  },
  'bulk-stopped': { about: 'posts', says: '{member} stopped the writing of several posts at once.' },
  'bulk-continued': { about: 'posts', says: '{member} went on with the rest of several posts at once.' },
  'bulk-started': { about: 'posts', says: '{member} started to write several posts at once: {count}.' },
  'publication-missed': { about: 'publishing', says: 'It missed its time and was not sent.' },
  'publication-replanned': { about: 'publishing', says: '{member} gave it the next free time.' },
  'everything-paused': { about: 'publishing', says: '{member} paused everything.' },
  'release-asked': { about: 'publishing', says: '{member} asked to let publishing go on.' },
  'everything-released': {
    about: 'publishing',
    says: '{member} confirmed that publishing goes on, as {asked} had asked.',
  },
  'silence-made': { about: 'publishing', says: '{member} planned a silence.' },
  'silence-removed': { about: 'publishing', says: '{member} removed a silence.' },
  'unconfirmed-answered': { about: 'publishing', says: '{member} looked whether it is there: {there}.' },
  'retract-asked': { about: 'publishing', says: '{member} asked to take it down[ ({what})][: “{reason}”].' },
  retracted: { about: 'publishing', says: 'It was taken down[ ({what})].[ Its id at the network: {remote}.]' },
  'retract-refused': { about: 'publishing', says: 'It could not be taken down[ ({what})]: {outcome}.' },
  'retract-reminded': {
    about: 'publishing',
    says: 'Everybody was reminded that it was taken down[ ({what})] and nobody else has looked.',
  },
  'failure-accepted': { about: 'publishing', says: '{member} left it at that: it did not go out, or not all of it.' },
  'retract-acknowledged': { about: 'publishing', says: '{member} acknowledged that it was taken down[ ({what})].' },

  'member-added': { about: 'people', says: '{memberId} was added as {roles}.' },
  'people-merged': {
    about: 'people',
    says: '{memberId} and another sign-in count as one person from now on[, as {by} said].',
  },
  'role-end-set': { about: 'people', says: '{by} set the last day of {memberId} as {role}: {endsOn}.' },
  'role-ended': { about: 'people', says: 'The time of {memberId} as {role} ended with {endsOn}.' },
  'role-kept': {
    about: 'people',
    says: 'The time of {memberId} as {role} was to end with {endsOn}; the last two admins keep the role.',
  },
  'absence-set': { about: 'people', says: '{by} paused asking {memberId} until {until}.' },
  'absence-ended': { about: 'people', says: '{by} let {memberId} be asked again.' },
  'hand-over-item-ticked': { about: 'people', says: '{by} ticked a thing that {memberId} left behind: {item}.' },
  'hand-over-item-unticked': { about: 'people', says: '{by} took the tick back from {item}, of {memberId}.' },
  'hand-over-noted': { about: 'people', says: '{by} changed the notes about what {memberId} left behind.' },
  'member-changed': {
    about: 'people',
    says: '{by|A date that had come} changed the membership of {memberId}.[ Roles: {roles}.][ Now {status}.]',
  },
  'person-erased': { about: 'people', says: 'The data of {memberId} was erased.' },

  'signed-in': { about: 'signing-in', says: '{memberId} signed in by {how}.' },
  'signed-out-everywhere': { about: 'signing-in', says: '{memberId} was signed out on every device.' },
  'session-ended': { about: 'signing-in', says: '{memberId} signed out another device of theirs.' },
  'other-sessions-ended': { about: 'signing-in', says: '{memberId} signed out all their other devices.' },
  'review-device-forgotten': { about: 'signing-in', says: '{memberId} took a device for reviewing off their list.' },
  'passkey-added': { about: 'signing-in', says: '{memberId} added a passkey.' },
  'passkey-removed': { about: 'signing-in', says: '{memberId} removed a passkey.' },
  'passkeys-forgotten': { about: 'signing-in', says: 'An operator removed the passkeys of {memberId}: {count}.' },
  'passkey-refused': {
    about: 'signing-in',
    says: 'A passkey of {memberId} counted backwards, as copies do, and was refused.',
  },
  'stepped-up': { about: 'signing-in', says: '{memberId} proved once more to be there, by {how}.' },
  'step-up-refused': {
    about: 'signing-in',
    says: 'Somebody signed in as {memberId} failed to prove who they are, by {how}.',
  },

  'channel-connected': { about: 'channels', says: '{memberId} connected {channelId}.' },
  'channel-reconnected': { about: 'channels', says: '{memberId} connected {channelId} again.' },
  'channel-renewed': { about: 'channels', says: 'The credentials of {channelId} were renewed.' },
  'channel-not-renewed': {
    about: 'channels',
    says: 'The network would not renew the credentials of {channelId}; it has to be connected again.',
  },
  'channel-consent-ended': {
    about: 'channels',
    says: 'What somebody agreed to at the network for {channelId} ended; it has to be connected again.',
  },
  'channel-account-changed': { about: 'channels', says: '{memberId} connected {channelId} to another account.' },
  'channel-changed': { about: 'channels', says: '{memberId} changed {channelId}: {changed}.' },
  'channel-removed': { about: 'channels', says: '{memberId} removed {channelId}.' },
  'windows-changed': { about: 'channels', says: '{memberId} changed the times for posting of {channelId}.' },

  'group-made': { about: 'group', says: 'The group was made.' },
  'accountable-manager-named': { about: 'group', says: '{by} named accountable manager {place}.' },
  'accountable-manager-confirmed': { about: 'group', says: '{by} confirmed accountable manager {place}.' },
  'accountable-manager-removed': { about: 'group', says: '{by} removed accountable manager {place}.' },
  'code-of-ethics-changed': { about: 'group', says: '{by} changed the code of ethics: version {number}.' },
  'policy-changed': { about: 'group', says: '{memberId} made the review rules stricter: version {number}.' },
  'policy-proposed': { about: 'group', says: '{memberId} proposed weaker review rules: version {number}.' },
  'policy-confirmed': { about: 'group', says: '{memberId} confirmed weaker review rules: version {number}.' },
  'policy-refused': { about: 'group', says: '{memberId} refused version {number} of the review rules.' },
  'policy-withdrawn': { about: 'group', says: '{memberId} took back version {number} of the review rules.' },
  'group-changed': { about: 'group', says: '{memberId} changed the group: {changed}.' },

  'log-verified': { about: 'log', says: 'The log was checked up to entry {upTo}[, by {member}]: nothing was altered.' },
  'log-found-broken': {
    about: 'log',
    says: 'The log was checked[ by {member}]: it does not fit from entry {brokenAt} on.',
  },
  'log-exported': { about: 'log', says: '{member|Whoever runs the server} exported the log up to entry {upTo}.' },
  'restore-asked': {
    about: 'log',
    says: '{member} asked to let publishing go on after the log broke at entry {brokenAt}[: “{reason}”].',
  },
  restore: {
    about: 'log',
    says: '{member|Whoever runs the server} let publishing go on[, as {asked} had asked,] after the log broke at entry {brokenAt}[: “{reason}”].',
  },
} as const satisfies Readonly<Record<string, KindWords>>

export type AuditKind = keyof typeof kinds
