import { Injectable, Logger } from '@nestjs/common'

type Step = (groupId: string) => Promise<void>

/**
 * What is looked at again once the people or channels of a group have changed: features after this folder register it.
 * It runs when the change is committed, so that posts are locked before members, as everywhere. What fails here is
 * repeated by the features' own tasks; the change itself stands.
 */
@Injectable()
export class Rechecks {
  private readonly log = new Logger('Rechecks')
  private readonly steps: Step[] = []

  add(step: Step): void {
    this.steps.push(step)
  }

  async run(...groupIds: readonly string[]): Promise<void> {
    for (const groupId of new Set(groupIds)) {
      for (const step of this.steps) {
        await step(groupId).catch((error: unknown) =>
          this.log.error({
            message: 'Something could not be looked at again',
            group: groupId,
            error: error instanceof Error ? error.stack : 'not an Error',
          }),
        )
      }
    }
  }
}
