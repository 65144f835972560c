import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'

import { ApiProblem, api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { PostDetail, PostInput } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { sentenceOf } from '../ui/failure.js'
import { fingerprint, inputOf, isBlank, sendable } from './input.js'
import { forget, keep } from './kept.js'

export type Saving =
  | { kind: 'untouched' }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'saved' }
  | { kind: 'device-only' }
  | { kind: 'failed'; sentence: string }

/** What an editing session begins with. */
export interface Start {
  input: PostInput
  post: PostDetail | null
  /** Typed on this device earlier and not on the server. */
  restored: boolean
  /** Somebody else saved while this device had unsaved words. */
  conflict: PostDetail | null
}

const serverDelay = 1_500
const retryDelay = 8_000

/**
 * Keeps what is typed: on the device at once, on the server after a pause, and never over somebody else's words.
 */
export function useDraft(start: Start, created: (id: string) => void) {
  const group = useGroup()
  const queries = useQueryClient()
  const [input, setInputState] = useState(start.input)
  const [post, setPost] = useState(start.post)
  const [saving, setSaving] = useState<Saving>({ kind: start.restored ? 'unsaved' : 'untouched' })
  const [conflict, setConflict] = useState(start.conflict)
  const latest = useRef(start.input)
  const known = useRef(start.post)
  const onServer = useRef(start.post ? fingerprint(inputOf(start.post)) : fingerprint(start.input))
  const stopped = useRef(start.conflict !== null)
  const running = useRef<Promise<PostDetail | null> | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Timers and leaving the page call what `save` is by then.
  const saveNow = useRef<() => Promise<PostDetail | null>>(async () => null)

  const push = useCallback(async (): Promise<PostDetail | null> => {
    while (!stopped.current && fingerprint(sendable(latest.current)) !== onServer.current) {
      const sent = sendable(latest.current)
      const before = known.current
      if (!before && isBlank(sent)) break
      setSaving({ kind: 'saving' })
      try {
        const path = `${at(group.slug)}/posts`
        const saved = before
          ? await api<PostDetail>('PUT', `${path}/${before.id}`, { ...sent, version: before.version })
          : await api<PostDetail>('POST', path, sent)
        known.current = saved
        onServer.current = fingerprint(sent)
        setPost(saved)
        queries.setQueryData(groupQueries.post(group.slug, saved.id).queryKey, saved)
        if (!before) {
          await forget(group.memberId, null)
          created(saved.id)
        }
        if (fingerprint(sendable(latest.current)) === onServer.current) {
          await forget(group.memberId, saved.id)
          setSaving({ kind: 'saved' })
        } else {
          await keep(group.memberId, saved.id, { input: latest.current, version: saved.version })
        }
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 409 && error.body['current']) {
          stopped.current = true
          setConflict(error.body['current'] as PostDetail)
          setSaving({ kind: 'device-only' })
        } else if (error instanceof ApiProblem && error.code === 'offline') {
          setSaving({ kind: 'device-only' })
          clearTimeout(timer.current)
          timer.current = setTimeout(() => void saveNow.current(), retryDelay)
        } else {
          setSaving({ kind: 'failed', sentence: sentenceOf(error) })
        }
        return null
      }
    }
    return known.current
  }, [created, group.memberId, group.slug, queries])

  const save = useCallback(async (): Promise<PostDetail | null> => {
    clearTimeout(timer.current)
    if (running.current) await running.current
    running.current = push()
    try {
      return await running.current
    } finally {
      running.current = null
    }
  }, [push])
  useEffect(() => {
    saveNow.current = save
  }, [save])

  const setInput = useCallback(
    (change: (old: PostInput) => PostInput) => {
      const next = change(latest.current)
      latest.current = next
      setInputState(next)
      void keep(group.memberId, known.current?.id ?? null, { input: next, version: known.current?.version ?? null })
      if (stopped.current) return
      setSaving({ kind: 'unsaved' })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void saveNow.current(), serverDelay)
    },
    [group.memberId],
  )

  useEffect(() => {
    if (start.restored && !start.conflict) void saveNow.current()
    const hidden = () => {
      if (document.visibilityState === 'hidden') void saveNow.current()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      void saveNow.current().then(() => queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) }))
    }
  }, [group.slug, queries, start])

  /** Ends a conflict: this device's words over theirs, or theirs over this device's. */
  const settle = useCallback(
    async (whose: 'mine' | 'theirs') => {
      if (!conflict) return
      known.current = conflict
      onServer.current = fingerprint(inputOf(conflict))
      setPost(conflict)
      if (whose === 'theirs') {
        latest.current = inputOf(conflict)
        setInputState(latest.current)
        await forget(group.memberId, conflict.id)
        setSaving({ kind: 'saved' })
      }
      stopped.current = false
      setConflict(null)
      if (whose === 'mine') await saveNow.current()
    },
    [conflict, group.memberId],
  )

  /** Forgets unsaved words, when the server has put the post back as it was. */
  const replace = useCallback(
    async (with_: PostDetail) => {
      clearTimeout(timer.current)
      known.current = with_
      latest.current = inputOf(with_)
      onServer.current = fingerprint(latest.current)
      setPost(with_)
      setInputState(latest.current)
      await forget(group.memberId, with_.id)
    },
    [group.memberId],
  )

  return { input, setInput, post, saving, conflict, save, settle, replace }
}
