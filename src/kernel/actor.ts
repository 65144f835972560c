/** Who does something: one member of one group, and the person behind. */
export interface Actor {
  readonly groupId: string
  readonly memberId: string
  readonly personId: string
  readonly name: string
}
