/** Bugs by name: in which file, what is replaced by what. */
export const plants: Readonly<Record<string, readonly (readonly [file: string, find: string, replacement: string])[]>>

export function planter(name: string): (filename: string, source: string) => string
