import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { GroupsModule } from '../groups/groups.module.js'
import { AbsenceEntity } from './absence.entity.js'
import { AbsencesService } from './absences.service.js'
import { AccountableManagerEntity } from './accountable-manager.entity.js'
import { CodeOfEthicsEntity } from './code-of-ethics.entity.js'
import { EthicsService } from './ethics.service.js'
import { GovernanceResealing } from './governance-resealing.service.js'
import { GovernanceController } from './governance.controller.js'
import { GovernanceService } from './governance.service.js'
import { GovernanceStore } from './governance.store.js'
import { GovernanceTask } from './governance.task.js'
import { HandOverTickEntity } from './hand-over-tick.entity.js'
import { HandOverEntity } from './hand-over.entity.js'
import { HandOversService } from './hand-overs.service.js'
import { HandOversStore } from './hand-overs.store.js'
import { ManagersService } from './managers.service.js'
import { RoleEndEntity } from './role-end.entity.js'
import { RoleEndsService } from './role-ends.service.js'
import { RoleEndsStore } from './role-ends.store.js'

/** How a group is run: who answers for it, roles that end, absences, the code of ethics, hand-overs. */
@Module({
  imports: [
    GroupsModule,
    TypeOrmModule.forFeature([
      AbsenceEntity,
      AccountableManagerEntity,
      CodeOfEthicsEntity,
      HandOverEntity,
      HandOverTickEntity,
      RoleEndEntity,
    ]),
  ],
  controllers: [GovernanceController],
  providers: [
    AbsencesService,
    EthicsService,
    GovernanceResealing,
    GovernanceService,
    GovernanceStore,
    GovernanceTask,
    HandOversService,
    HandOversStore,
    ManagersService,
    RoleEndsService,
    RoleEndsStore,
  ],
  exports: [EthicsService, RoleEndsService],
})
export class GovernanceModule {}
