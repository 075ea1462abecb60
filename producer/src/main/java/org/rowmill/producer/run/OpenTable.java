package org.rowmill.producer.run;

import java.util.Set;
import org.rowmill.producer.dispatch.DiskWait;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.store.TableStore;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.StoredKeys;

/**
 * A table of the run with what is stored of it.
 *
 * @param model the class
 * @param store its directory, locked
 * @param keys the rows that are stored
 * @param resolved rows that had failed in an earlier run and were computed again in this one; the collector adds to it
 * @param disk waits where the store cannot be written
 */
record OpenTable(TableModel model, TableStore store, StoredKeys keys, Set<IndexKey> resolved, DiskWait disk) {

    String name() {
        return model.schema().table();
    }
}
