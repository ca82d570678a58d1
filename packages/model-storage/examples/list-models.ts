// Lists the models of a network and checks every file of the newest.
// Run: node list-models.js ethereum
import { listModels, loadModel } from '@risk-scoring/model-storage';
import { openDatabase } from '@risk-scoring/storage';

const [network = 'simnet'] = process.argv.slice(2);
const database = await openDatabase({ network });
try {
  for (const { model_id, test_auc } of await listModels(database)) console.log(model_id, test_auc);
  const { metadata, holdoutGroups } = await loadModel(database);
  console.log('newest:', metadata.model_id, 'never saw', holdoutGroups.length, 'addresses');
} finally {
  await database.close();
}
