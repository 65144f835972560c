import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { ReviewSettingsEntity } from './review-settings.entity.js'
import { usualReviewSettings, type ReviewSettings } from './review-settings.js'

@Injectable()
export class ReviewSettingsStore {
  async get(manager: EntityManager, groupId: string): Promise<ReviewSettings> {
    const { mailContent, wakingFrom, wakingUntil } =
      (await manager.findOneBy(ReviewSettingsEntity, { groupId })) ?? usualReviewSettings
    return { mailContent, wakingFrom, wakingUntil }
  }

  async put(manager: EntityManager, groupId: string, settings: ReviewSettings): Promise<void> {
    await manager.upsert(ReviewSettingsEntity, { groupId, ...settings }, ['groupId'])
  }
}
