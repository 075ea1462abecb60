package org.rowmill.schemas;

import java.util.List;
import java.util.Objects;

/**
 * Reports mistakes of the user. The command ends with exit code 2. Each fault says where it is, what was expected, what
 * was found, and what to do.
 */
public final class WrongInput extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    /**
     * Reports one fault.
     *
     * @param fault message for the user
     */
    public WrongInput(String fault) {
        this(List.of(fault));
    }

    /**
     * Reports all faults of one input.
     *
     * @param faults messages for the user, at least one
     */
    public WrongInput(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    /**
     * Returns the faults.
     *
     * @return at least one
     */
    public List<String> faults() {
        return faults;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage(), "the constructor sets it");
    }
}
