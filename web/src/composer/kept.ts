import { del, get, set } from 'idb-keyval'

import type { PostInput } from '../api/types.js'

/** What lies on this device and may not have reached the server. */
export interface Kept {
  input: PostInput
  /** The server's version that it was written on, null for a post that the server does not know. */
  version: number | null
}

function keyOf(memberId: string, postId: string | null): string {
  return `draft:${memberId}:${postId ?? 'new'}`
}

// A device may forbid IndexedDB (private windows); the server's copy is then the only one.
export async function keep(memberId: string, postId: string | null, kept: Kept): Promise<void> {
  await set(keyOf(memberId, postId), kept).catch(() => undefined)
}

export async function recall(memberId: string, postId: string | null): Promise<Kept | null> {
  return (await get<Kept>(keyOf(memberId, postId)).catch(() => undefined)) ?? null
}

export async function forget(memberId: string, postId: string | null): Promise<void> {
  await del(keyOf(memberId, postId)).catch(() => undefined)
}
