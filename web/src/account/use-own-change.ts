import { useMutation, useQueryClient } from '@tanstack/react-query'

import { accountQuery } from '../api/queries.js'
import { say, sayFailure } from '../ui/notify.js'

/** Changes something about the person's own sign-in; the page asks for all of it again. `quiet` leaves the failure to the caller. */
export function useOwnChange(quiet = false) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ work }: { work: () => Promise<unknown>; said: string }) => work(),
    onSuccess: async (_answer, { said }) => {
      say(said)
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey })
    },
    onError: async (error) => {
      if (!quiet) sayFailure(error)
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey })
    },
  })
}
