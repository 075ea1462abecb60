package org.rowmill.store.parts;

/**
 * How often columns were requested to be computed again. The values of a column carry the number of the last request
 * that they follow, so that values of before and after a request differ wherever they are stored.
 */
public interface Generations {

    /** No column was ever requested again. */
    Generations NONE = new Generations() {
        @Override
        public int required(String column) {
            return 0;
        }

        @Override
        public int current(String column) {
            return 0;
        }
    };

    /** Returns the generation that valid values of a column have at least. */
    int required(String column);

    /** Returns the generation of the values that a run computes now. */
    int current(String column);
}
