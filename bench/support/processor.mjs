import { readdirSync, readFileSync } from 'node:fs'

// What processes have used of the processor so far. Linux only; elsewhere it is not known.

/** Seconds of processor time of these processes and of the children that they have now. */
export function processorSeconds(pids) {
  const wanted = new Set(pids)
  let ticks = 0
  for (const name of processes()) {
    const stat = statOf(name)
    if (!stat || !(wanted.has(Number(name)) || wanted.has(stat.parent))) continue
    ticks += stat.ticks
  }
  return ticks / 100
}

function processes() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** Null for one that has just ended. */
function statOf(pid) {
  try {
    const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return { parent: Number(parts[1]), ticks: Number(parts[11]) + Number(parts[12]) }
  } catch {
    return null
  }
}
