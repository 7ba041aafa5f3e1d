// What a program of Node does, over gRPC. It ends with 0 if all is as it should be.
const assert = require('node:assert');
const { Datastore, PropertyFilter } = require('@google-cloud/datastore');

async function main() {
  const datastore = new Datastore({ projectId: 'from-node' });
  const key = datastore.key(['Task', 'a']);
  await datastore.save({
    key,
    data: { n: 1, text: 'ä', done: false, when: new Date(1000), list: [1, 'x'], within: { deep: 1.5 } },
  });
  const [task] = await datastore.get(key);
  assert.strictEqual(task.n, 1);
  assert.strictEqual(task.text, 'ä');
  assert.deepStrictEqual(task.list, [1, 'x']);
  assert.strictEqual(task.when.getTime(), 1000);
  assert.strictEqual(task.within.deep, 1.5);

  for (let i = 0; i < 400; i++) {
    if (i % 100 === 0) {
      await datastore.save(
        Array.from({ length: 100 }, (_, j) => ({ key: datastore.key(['Row', i + j + 1]), data: { n: i + j } })));
    }
  }
  const [rows] = await datastore.runQuery(
    datastore.createQuery('Row').filter(new PropertyFilter('n', '>=', 50)).order('n', { descending: true }));
  assert.strictEqual(rows.length, 350);
  assert.strictEqual(rows[0].n, 399);
  const [counted] = await datastore.runAggregationQuery(
    datastore.createAggregationQuery(datastore.createQuery('Row')).count('all'));
  assert.strictEqual(counted[0].all, 400);

  const transaction = datastore.transaction();
  await transaction.run();
  const [read] = await transaction.get(key);
  read.n++;
  transaction.save({ key, data: read });
  await transaction.commit();
  assert.strictEqual((await datastore.get(key))[0].n, 2);

  const late = datastore.transaction();
  await late.run();
  const [old] = await late.get(key);
  await datastore.save({ key, data: { n: 9 } });
  late.save({ key, data: old });
  await assert.rejects(late.commit(), error => error.code === 10);

  const [ids] = await datastore.allocateIds(datastore.key(['Task']), 3);
  assert.strictEqual(new Set(ids.map(each => each.id)).size, 3);
  await assert.rejects(datastore.insert({ key, data: {} }), error => error.code === 6);
  await datastore.delete(key);
  assert.strictEqual((await datastore.get(key))[0], undefined);
}

main().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
