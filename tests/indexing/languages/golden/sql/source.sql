-- Orders and what is done with them.
CREATE TABLE sales.orders (
  id      NUMBER(10) PRIMARY KEY,
  state   VARCHAR2(10) DEFAULT 'open; closed',
  owner   NUMBER(10) REFERENCES sales.customers (id)
);

CREATE OR REPLACE VIEW open_orders AS
  SELECT o.id, c.name FROM sales.orders o, customers c WHERE o.state = 'open';

/* What other programs may call. */
CREATE OR REPLACE PACKAGE order_api IS
  max_lines CONSTANT PLS_INTEGER := 60;
  PROCEDURE close_order(p_id IN orders.id%TYPE);
  FUNCTION total(p_id NUMBER) RETURN NUMBER;
END order_api;
/

CREATE OR REPLACE PACKAGE BODY order_api IS

  l_cache order_list;

  -- Only for this package.
  PROCEDURE log_it(p_text VARCHAR2) IS
    PRAGMA AUTONOMOUS_TRANSACTION;
  BEGIN
    INSERT INTO order_log (text) VALUES (q'[it's; BEGIN]' || p_text);
    COMMIT;
  END log_it;

  FUNCTION total(p_id NUMBER) RETURN NUMBER IS
    l_sum NUMBER := 0;
    FUNCTION rounded(p_value NUMBER) RETURN NUMBER IS
    BEGIN
      RETURN ROUND(p_value, 2);
    END;
  BEGIN
    FOR r IN (SELECT price FROM order_items WHERE order_id = p_id) LOOP
      l_sum := l_sum + CASE WHEN r.price > 0 THEN r.price ELSE 0 END;
      IF l_sum > 1000 THEN
        log_it('large');
      END IF;
    END LOOP;
    RETURN rounded(l_sum);
  END total;

  PROCEDURE close_order(p_id IN orders.id%TYPE) IS
    l_total NUMBER;
  BEGIN
    l_total := order_api.total(p_id);
    UPDATE "orders" SET state = 'closed' WHERE id = p_id;
    tidy_up;
    dbms_output.put_line(l_cache(1));
  EXCEPTION
    WHEN OTHERS THEN
      log_it(SQLERRM);
      RAISE;
  END close_order;
END order_api;
/

CREATE OR REPLACE TRIGGER orders_audit
  BEFORE UPDATE ON orders FOR EACH ROW
DECLARE
  l_now DATE;
BEGIN
  l_now := SYSDATE;
  audit_pkg.record_change(:old.id, l_now);
END;
/

CREATE TYPE BODY money AS
  MEMBER FUNCTION plus(p_other money) RETURN money IS
  BEGIN
    RETURN money(SELF.amount + p_other.amount);
  END;
END;
/

CREATE PROCEDURE [dbo].[CloseAll] @State nvarchar(10) = 'open', @Limit int
AS
BEGIN
  CREATE TABLE #work (id int);
  BEGIN TRY
    BEGIN TRANSACTION
    EXEC dbo.CloseOne @State
    EXECUTE @rc = [dbo].[WriteLog] 'x'
    COMMIT
  END TRY
  BEGIN CATCH
    SELECT 1 FROM [dbo].[Errors]
  END CATCH
END
GO

CREATE FUNCTION refresh_totals() RETURNS void AS $$
BEGIN
  PERFORM close_all('x');
  DELETE FROM totals USING orders WHERE totals.id = orders.id;
END;
$$ LANGUAGE plpgsql;

SELECT order_api.total(1) FROM open_orders;
