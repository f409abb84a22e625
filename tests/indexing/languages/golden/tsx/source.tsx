/* A list of todos, written to show what TSX says about names. */
import React, { useState } from 'react';
import { Item } from './Item';

interface Props {
  items: Todo[];
  onSelect?: (todo: Todo) => void;
}

/** Shows the list. */
export const TodoList: React.FC<Props> = ({ items, onSelect = ignore }) => {
  const [open, setOpen] = useState<boolean>(false);
  const toggle = () => setOpen(!open);
  return (
    <ul onClick={toggle}>
      {items.map((todo) => (
        <Item key={todo.id} todo={todo} onSelect={() => onSelect(todo)} render={renderItem} />
      ))}
      {open && <Menu.Footer {...footerProps}>{count(items)}</Menu.Footer>}
    </ul>
  );
};

function renderItem(todo: Todo): JSX.Element {
  return <span className="todo">{todo.title as string}</span>;
}

export class Boundary extends React.Component<Props, State> {
  state: State = initial;

  componentDidCatch(error: Error) {
    this.props.report(error);
    this.setState({ error });
  }

  render() {
    return this.state.error ? <Failure error={this.state.error} /> : this.props.children;
  }
}

export default React.memo(TodoList);
