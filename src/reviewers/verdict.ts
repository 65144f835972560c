/** A member's word on a revision. A stop also puts the post on hold. */
export type VerdictKind = 'approve' | 'changes' | 'stop' | 'withdrawn'
/** How the person was known: signed in, by a passkey, on a confirmed device, or by a code from their inbox. */
export type VerdictVia = 'session' | 'passkey' | 'device' | 'code'
