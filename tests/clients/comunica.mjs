// Turns {sources, queries: {name: SPARQL}} on standard input into {name: answer} on standard output, asking by Comunica.
// An answer is SPARQL results JSON, {triples: [[term, term, term], …]} for a graph, or {error: text}.
import { QueryEngine } from '@comunica/query-sparql';
import { DataFactory } from 'rdf-data-factory';

// Comunica 4.5.0 by default makes terms by version 1 of this factory, while the reader of answers that it comes with speaks to
// version 2: language tags are lost. Its setting dataFactory mends that.
const dataFactory = new DataFactory();

function plain(term) {
  if (term.termType === 'NamedNode') return { type: 'uri', value: term.value };
  if (term.termType !== 'Literal') throw new Error(`a ${term.termType} is not expected in these answers`);
  const literal = { type: 'literal', value: term.value };
  return term.language ? { ...literal, 'xml:lang': term.language } : { ...literal, datatype: term.datatype.value };
}

async function answer(engine, query, sources) {
  const result = await engine.query(query, { sources, dataFactory });
  if (result.resultType === 'boolean') return { boolean: await result.execute() };
  const found = await (await result.execute()).toArray();
  if (result.resultType === 'quads') return { triples: found.map(q => [q.subject, q.predicate, q.object].map(plain)) };
  const bindings = found.map(row => Object.fromEntries([...row].map(([variable, term]) => [variable.value, plain(term)])));
  return { results: { bindings } };
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { sources, queries } = JSON.parse(input);
const engine = new QueryEngine();
const answers = {};
for (const [name, query] of Object.entries(queries)) {
  try {
    answers[name] = await answer(engine, query, sources);
  } catch (error) {
    answers[name] = { error: String(error.stack ?? error) };
  }
}
process.stdout.write(JSON.stringify(answers));
