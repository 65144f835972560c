import { lazy, Suspense, type ReactNode } from 'react'
import { Redirect, Route, Switch, useParams } from 'wouter'

import { Queue } from '../queue/queue.js'
import { SetUp } from '../sign-in/set-up.js'
import { SignIn } from '../sign-in/sign-in.js'
import { PageSkeleton } from '../ui/skeletons.js'
import { Frame } from './frame.js'
import { NoGroup, NotFound } from './not-found.js'
import { GroupProvider, useSession } from './session.js'

const Week = lazy(() => import('../week/week.js').then((found) => ({ default: found.WeekPage })))
const Several = lazy(() => import('../several/several-page.js').then((found) => ({ default: found.SeveralPage })))
const Composer = lazy(() => import('../composer/composer-page.js').then((found) => ({ default: found.ComposerPage })))
const Post = lazy(() => import('../post/post-page.js').then((found) => ({ default: found.PostPage })))
const Engagement = lazy(() =>
  import('../engagement/engagement-page.js').then((found) => ({ default: found.EngagementPage })),
)
const AccountPage = lazy(() => import('../account/account-page.js').then((found) => ({ default: found.AccountPage })))
const HandOver = lazy(() =>
  import('../governance/hand-over-page.js').then((found) => ({ default: found.HandOverPage })),
)
const ConnectBack = lazy(() => import('../settings/connect-back.js').then((found) => ({ default: found.ConnectBack })))
const Settings = lazy(() => import('../settings/settings-page.js').then((found) => ({ default: found.SettingsPage })))

export function Routes() {
  const session = useSession()
  const first = session.groups[0]
  return (
    <Switch>
      <Route path="/set-up">{session.setUpNeeded ? <SetUp /> : <Redirect to="/" replace />}</Route>
      <Route path="/sign-in">{session.person ? <Redirect to="/" replace /> : <SignIn />}</Route>
      {session.setUpNeeded && !session.demo && !session.person && <Redirect to="/set-up" replace />}
      <Route path="/connect/back">
        <Suspense fallback={<PageSkeleton />}>
          <ConnectBack />
        </Suspense>
      </Route>
      {!session.person && (
        <Route>
          <SignIn />
        </Route>
      )}
      <Route path="/">{first ? <Redirect to={`/g/${first.slug}/queue`} replace /> : <NoGroup />}</Route>
      <Route path="/account">
        <GroupProvider value={first ?? null}>
          <Frame>
            <Suspense fallback={<PageSkeleton />}>
              <AccountPage />
            </Suspense>
          </Frame>
        </GroupProvider>
      </Route>
      <Route path="/g/:slug/*?">
        <GroupRoutes />
      </Route>
      <Route>
        <Frame>
          <NotFound />
        </Frame>
      </Route>
    </Switch>
  )
}

function GroupRoutes() {
  const { slug } = useParams<{ slug: string }>()
  const group = useSession().groups.find((each) => each.slug === slug)
  if (!group) {
    return (
      <Frame>
        <NotFound />
      </Frame>
    )
  }
  return (
    <GroupProvider key={group.id} value={group}>
      <Frame>
        <Suspense fallback={<PageSkeleton />}>
          <Switch>
            <Route path="/g/:slug">
              <Redirect to={`/g/${slug}/queue`} replace />
            </Route>
            <Route path="/g/:slug/queue">
              <Queue />
            </Route>
            <Route path="/g/:slug/week">
              <Week />
            </Route>
            <Route path="/g/:slug/several">
              <Several />
            </Route>
            <Route path="/g/:slug/posts/:id/edit">{({ id }) => <Composing id={id} />}</Route>
            <Route path="/g/:slug/posts/new">
              <Composing id={null} />
            </Route>
            <Route path="/g/:slug/posts/:id">{({ id }) => <Post key={id} id={id} />}</Route>
            <Route path="/g/:slug/engagement">
              <Engagement />
            </Route>
            <Route path="/g/:slug/hand-over/:id">{({ id }) => <HandOver key={id} memberId={id} />}</Route>
            <Route path="/g/:slug/settings/:part?">
              <Settings />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </Frame>
    </GroupProvider>
  )
}

function Composing({ id }: { id: string | null }): ReactNode {
  return <Composer id={id} />
}
