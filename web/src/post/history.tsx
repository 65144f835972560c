import type { PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { moment } from '../ui/time.js'

export function History({ post }: { post: PostDetail }) {
  const group = useGroup()
  return (
    <ol className="s-timeline">
      {post.history.map((entry, index) => (
        <li key={index}>
          <p>{entry.text}</p>
          <p className="s-meta">
            <time dateTime={entry.at}>{moment(entry.at, group.timeZone)}</time>
          </p>
        </li>
      ))}
    </ol>
  )
}
