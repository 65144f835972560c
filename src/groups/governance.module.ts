import { Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { AbsenceEntity } from './absence.entity.js'
import { AccountableManagerEntity } from './accountable-manager.entity.js'
import { CodeOfEthicsEntity } from './code-of-ethics.entity.js'
import { GroupsModule } from './groups.module.js'
import { HandOverTickEntity } from './hand-over-tick.entity.js'
import { HandOverEntity } from './hand-over.entity.js'
import { RoleEndEntity } from './role-end.entity.js'

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
})
export class GovernanceModule {}
