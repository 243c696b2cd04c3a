/** What the server answers, read as JSON; an error has its `status`. */
export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: 'application/json, application/geo+json' } });
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}
