package org.rowmill.producer.run;

import java.util.Set;
import org.rowmill.producer.dispatch.DiskWait;
import org.rowmill.producer.inputs.RowInputs;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.store.TableStore;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.StoredKeys;

/**
 * A table of the run, and what is stored of it.
 *
 * @param model the table class
 * @param store its directory, locked
 * @param keys the stored rows
 * @param inputs the files of its rows
 * @param resolved rows that failed in an earlier run and are finished in this one; the run of the table adds them
 * @param disk waits if the store cannot be written
 */
record OpenTable(
        TableModel model, TableStore store, StoredKeys keys, RowInputs inputs, Set<IndexKey> resolved, DiskWait disk) {

    String name() {
        return model.schema().table();
    }
}
