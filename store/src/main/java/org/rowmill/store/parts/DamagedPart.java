package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** A part that cannot be read. */
public final class DamagedPart extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Part part;

    /**
     * Makes an exception whose message names the file and what to do.
     *
     * @param part the part
     * @param cause why it cannot be read
     */
    public DamagedPart(Part part, Exception cause) {
        super(message(part.file(), cause), cause);
        this.part = part;
    }

    public Part part() {
        return part;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage(), "the constructor sets it");
    }

    static String message(Path file, Exception cause) {
        return file + ": this part cannot be read (" + cause.getMessage() + "). Move it away, or continue without it"
                + " (--ignore-broken-parts): its rows are computed again";
    }
}
