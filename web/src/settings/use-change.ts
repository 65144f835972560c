import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { say, sayFailure, sayWithUndo, takeBack } from '../ui/notify.js'

interface Change {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  /** Said when it worked. */
  said: string
  /** Takes it back, offered for ten seconds. */
  undo?: () => void
}

/** Changes something of the group; everything shown is asked for again. `quiet` leaves the failure to the caller. */
export function useChange(quiet = false) {
  const group = useGroup()
  const queries = useQueryClient()
  const failure = useRef<string>(null)
  return useMutation({
    mutationFn: ({ method, path, body }: Change) => api<unknown>(method, `${at(group.slug)}${path}`, body),
    onMutate: () => {
      if (failure.current) takeBack(failure.current)
      failure.current = null
    },
    onSuccess: async (_answer, { said, undo }) => {
      if (undo) sayWithUndo(said, undo)
      else say(said)
      await queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
    },
    onError: (error) => {
      if (!quiet) failure.current = sayFailure(error)
    },
  })
}
