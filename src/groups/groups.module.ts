import { Global, Module } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'

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
import { MailsController } from './mails.controller.js'
import { MemberChanges } from './member-changes.service.js'
import { MemberEntity } from './member.entity.js'
import { MembersController } from './members.controller.js'
import { MembersService } from './members.service.js'
import { MembersStore } from './members.store.js'
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
import { AccountController } from './sign-in/account.controller.js'
import { AccountService } from './sign-in/account.service.js'
import { KnownDeviceEntity } from './sign-in/known-device.entity.js'
import { KnownDevices } from './sign-in/known-devices.service.js'
import { PasskeyChallengeEntity } from './sign-in/passkey-challenge.entity.js'
import { PasskeySignInController } from './sign-in/passkey-sign-in.controller.js'
import { PasskeyEntity } from './sign-in/passkey.entity.js'
import { PasskeysService } from './sign-in/passkeys.service.js'
import { PasskeysStore } from './sign-in/passkeys.store.js'
import { SessionController } from './sign-in/session.controller.js'
import { SessionService } from './sign-in/session.service.js'
import { SessionsStore } from './sign-in/sessions.store.js'
import { SetUpService } from './sign-in/set-up.service.js'
import { SignInNotices } from './sign-in/sign-in-notices.service.js'
import { SignInPageController } from './sign-in/sign-in-page.controller.js'
import { SignInService } from './sign-in/sign-in.service.js'
import { SignInStore } from './sign-in/sign-in.store.js'
import { SignInTask } from './sign-in/sign-in.task.js'
import { StepUpCodeEntity } from './sign-in/step-up-code.entity.js'
import { StepUpController } from './sign-in/step-up.controller.js'
import { StepUpService } from './sign-in/step-up.service.js'
import { WebAuthn } from './sign-in/web-authn.adapter.js'

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
