package org.rowmill.schemas.model;

import org.rowmill.schemas.model.shape.SourceLine;

/**
 * A fault of a table class.
 *
 * @param place line of the class or method
 * @param origin the class, method or parameter with the fault, from reflection or the compiler
 * @param message what was expected, what was found, and what to do
 */
record Fault(SourceLine place, Object origin, String message) {

    /** Returns the message with file and line, in the format of compilers. */
    String text() {
        return place + ": " + message;
    }
}
