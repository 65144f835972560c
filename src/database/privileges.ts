/** Something that a role may do with the rows of a table. Nobody but the owner empties, alters or drops one. */
export type Privilege = 'select' | 'insert' | 'update' | 'delete'

/** What the triggers of a table refuse for good. */
export interface Kept {
  readonly fromUpdate: boolean
  readonly fromDelete: boolean
}

/** Written by functions of the owner alone, or by migrations. */
const readOnly = ['schema_migrations', 'audit_heads', 'audit_entries']

/** Rows that stay, but for words that an owner's function erases. */
const erasedByOwner = ['verdicts']

/** Tables whose rows go when they are of no more use. Whatever the gate or the history needs does not belong here. */
const mayShrink = [
  'mails',
  'audit_details',
  'windows',
  'noticeboard_posts',
  'noticeboard_pictures',
  'sign_in_users',
  'sign_in_sessions',
  'sign_in_accounts',
  'sign_in_verifications',
  'passkeys',
  'passkey_challenges',
  'step_up_codes',
  'known_devices',
  'accountable_managers',
  'role_ends',
  'absences',
  'hand_over_ticks',
]

/**
 * What the application's role may do with a table. A new table needs no line here: it can be read, added to and
 * changed, and what a trigger refuses for good is not granted either.
 * @param demonstration whether the clock may be moved, as it never may in production
 */
export function privilegesOn(table: string, kept: Kept, demonstration: boolean): readonly Privilege[] {
  if (table === 'clock_settings') return demonstration ? ['select', 'update'] : ['select']
  if (readOnly.includes(table)) return ['select']
  return [
    'select',
    'insert',
    ...(kept.fromUpdate || erasedByOwner.includes(table) ? [] : (['update'] as const)),
    ...(mayShrink.includes(table) && !kept.fromDelete ? (['delete'] as const) : []),
  ]
}
