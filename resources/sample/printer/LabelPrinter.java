package waybill.printer;

/** A printer that can print labels, whatever language it speaks. */
public interface LabelPrinter {
    /** Returns the bytes that make the printer print one label. */
    byte[] encode(Label label);
}
