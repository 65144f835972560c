import { Global, Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

import { AccountController } from './account.controller.js'
import { AccountService } from './account.service.js'
import { ClockSettingsStore } from './clock-settings.store.js'
import { ClockShift } from './clock-shift.service.js'
import { DemoController } from './demo.controller.js'
import { DemoService } from './demo.service.js'
import { GroupFounding } from './group-founding.service.js'
import { GroupEntity } from './group.entity.js'
import { GroupsController } from './groups.controller.js'
import { GroupsService } from './groups.service.js'
import { GroupsStore } from './groups.store.js'
import { InvitationsService } from './invitations.service.js'
import { KnownDeviceEntity } from './known-device.entity.js'
import { KnownDevices } from './known-devices.service.js'
import { MailsController } from './mails.controller.js'
import { MemberChanges } from './member-changes.service.js'
import { MemberEntity } from './member.entity.js'
import { MembersController } from './members.controller.js'
import { MembersService } from './members.service.js'
import { MembersStore } from './members.store.js'
import { PasskeyChallengeEntity } from './passkey-challenge.entity.js'
import { PasskeySignInController } from './passkey-sign-in.controller.js'
import { PasskeyEntity } from './passkey.entity.js'
import { PasskeysService } from './passkeys.service.js'
import { PasskeysStore } from './passkeys.store.js'
import { PeopleService } from './people.service.js'
import { PeopleStore } from './people.store.js'
import { PersonAudit } from './person-audit.service.js'
import { PersonEntity } from './person.entity.js'
import { PoliciesController } from './policies.controller.js'
import { PoliciesService } from './policies.service.js'
import { PoliciesStore } from './policies.store.js'
import { PolicyMails } from './policy-mails.service.js'
import { PolicyEntity } from './policy.entity.js'
import { Rechecks } from './rechecks.service.js'
import { SamePersonService } from './same-person.service.js'
import { SamePersonStore } from './same-person.store.js'
import { SessionController } from './session.controller.js'
import { SessionService } from './session.service.js'
import { SessionsStore } from './sessions.store.js'
import { SetUpService } from './set-up.service.js'
import { SignInNotices } from './sign-in-notices.service.js'
import { SignInPageController } from './sign-in-page.controller.js'
import { SignInService } from './sign-in.service.js'
import { SignInStore } from './sign-in.store.js'
import { SignInTask } from './sign-in.task.js'
import { StepUpCodeEntity } from './step-up-code.entity.js'
import { StepUpController } from './step-up.controller.js'
import { StepUpService } from './step-up.service.js'
import { WebAuthn } from './web-authn.adapter.js'

/** Groups, people, members, roles, sign-in. Global, since every feature after it uses its guard. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([
      GroupEntity,
      PersonEntity,
      MemberEntity,
      PolicyEntity,
      PasskeyEntity,
      PasskeyChallengeEntity,
      StepUpCodeEntity,
      KnownDeviceEntity,
    ]),
  ],
  controllers: [
    SessionController,
    PasskeySignInController,
    AccountController,
    StepUpController,
    SignInPageController,
    DemoController,
    GroupsController,
    MembersController,
    MailsController,
    PoliciesController,
  ],
  providers: [
    AccountService,
    ClockSettingsStore,
    ClockShift,
    DemoService,
    GroupFounding,
    GroupsService,
    GroupsStore,
    KnownDevices,
    InvitationsService,
    MemberChanges,
    MembersService,
    MembersStore,
    PasskeysService,
    PasskeysStore,
    PeopleService,
    PeopleStore,
    Rechecks,
    PersonAudit,
    PoliciesService,
    PoliciesStore,
    PolicyMails,
    SamePersonService,
    SamePersonStore,
    SessionService,
    SessionsStore,
    SetUpService,
    SignInNotices,
    SignInService,
    SignInStore,
    SignInTask,
    StepUpService,
    WebAuthn,
  ],
  // The guard is made in the module of each controller that it guards, so what it is made of is exported too.
  exports: [
    ClockShift,
    GroupFounding,
    GroupsService,
    GroupsStore,
    MemberChanges,
    MembersService,
    PasskeysService,
    MembersStore,
    PeopleService,
    Rechecks,
    PersonAudit,
    PoliciesService,
    SamePersonService,
    SessionService,
    SetUpService,
    SignInService,
    SignInStore,
    StepUpService,
  ],
})
export class GroupsModule {}
