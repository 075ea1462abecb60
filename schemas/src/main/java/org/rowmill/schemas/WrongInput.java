package org.rowmill.schemas;

import java.util.List;

/**
 * What a user gave cannot be used: the run ends before it starts anything, with exit code 2. Each fault says where, what
 * was expected, what came and what to do.
 */
public final class WrongInput extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    /**
     * One fault.
     *
     * @param fault what a person reads
     */
    public WrongInput(String fault) {
        this(List.of(fault));
    }

    /**
     * All faults of one input.
     *
     * @param faults what a person reads, at least one
     */
    public WrongInput(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    /**
     * The faults.
     *
     * @return at least one
     */
    public List<String> faults() {
        return faults;
    }
}
